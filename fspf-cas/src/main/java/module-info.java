/** Sessions that say who gets which key, and the service that decides by them. */
module io.fspf.cas {
  requires com.google.common;
  requires com.google.gson;
  requires transitive io.fspf.core;
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;

  exports io.fspf.cas.evidence;
  exports io.fspf.cas.evidence.dcap;
  exports io.fspf.cas.evidence.sev;
}
