/** Sessions that say who gets which key, and the service that decides by them. */
module io.fspf.cas {
  requires com.google.common;
  requires com.google.gson;
  requires io.fspf.nio;
  requires transitive io.fspf.core;
  requires jdk.httpserver;
  requires java.net.http;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.snakeyaml.engine.v2;
  requires static transitive org.jspecify;

  exports io.fspf.cas.client;
  exports io.fspf.cas.decision;
  exports io.fspf.cas.evidence;
  exports io.fspf.cas.evidence.dcap;
  exports io.fspf.cas.evidence.sev;
  exports io.fspf.cas.service;
  exports io.fspf.cas.session;

  provides io.fspf.key.KeyProviderFactory with
      io.fspf.cas.client.CasKeyProviderFactory;
  provides io.fspf.tag.TagStoreFactory with
      io.fspf.cas.client.CasTagStoreFactory;
}
