/** Sessions that say who gets which key, and the service that decides by them. */
module io.fspf.cas {
  requires com.google.common;
  requires transitive io.fspf.core;
  requires static transitive org.jspecify;

  exports io.fspf.cas.evidence;
}
