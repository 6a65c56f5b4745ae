/** Protected file regions: volumes, regions, keys, root tags. */
module io.fspf.core {
  requires com.github.benmanes.caffeine;
  requires com.google.common;
  requires com.google.protobuf;
  requires transitive java.sql;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;

  exports io.fspf;
  exports io.fspf.key;
  exports io.fspf.seal;
  exports io.fspf.tag;

  uses io.fspf.key.KeyProviderFactory;
  uses io.fspf.tag.TagStoreFactory;
}
