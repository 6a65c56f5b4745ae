package io.fspf.cas.evidence.sev;

import com.google.common.collect.ImmutableMap;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Certificates;
import io.fspf.cas.evidence.internal.Fields;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The certificates that a host hands to its guest beside a report (GHCB, section 4.1.8.1): entries
 * of a GUID in the order of its text, an offset and a length, then one of zeros, then the
 * certificates in DER. Nobody signed it, so no byte may be without a meaning: the certificates
 * follow each other in order, and what fills up the page is zero.
 */
final class CertificateTable {
  static final UUID VCEK = UUID.fromString("63da758d-e664-4564-adc5-f4b93be8accd");
  static final UUID VLEK = UUID.fromString("a8074bc2-a25a-483e-aae6-39c045a0b8a1");
  static final UUID ASK = UUID.fromString("4ab7b379-bbac-4fe4-a02f-05aef327c782");
  static final UUID ARK = UUID.fromString("c0b406a4-a803-4952-9743-3fb6014cd0ae");

  /** A host that gave none. */
  static final CertificateTable EMPTY = new CertificateTable(ImmutableMap.of());

  private static final int MAX_ENTRIES = 8;
  private static final int ENTRY = 24;

  private record Entry(UUID id, long offset, long length) {}

  private final ImmutableMap<UUID, X509Certificate> certificates;

  private CertificateTable(ImmutableMap<UUID, X509Certificate> certificates) {
    this.certificates = certificates;
  }

  static CertificateTable read(byte[] table) throws EvidenceException {
    Fields fields = new Fields("Certificate table", table);
    List<Entry> entries = new ArrayList<>();
    while (true) {
      Entry entry = entry(fields);
      if (entry.id().equals(new UUID(0, 0))) {
        if (entry.offset() != 0 || entry.length() != 0) {
          throw new EvidenceException("A certificate table with an entry of no kind");
        }
        break;
      }
      entries.add(entry);
      if (entries.size() > MAX_ENTRIES) {
        throw new EvidenceException("More than " + MAX_ENTRIES + " entries in a table");
      }
    }
    ImmutableMap.Builder<UUID, X509Certificate> certificates = ImmutableMap.builder();
    long at = (entries.size() + 1L) * ENTRY;
    for (Entry entry : entries) {
      if (entry.offset() < at) {
        throw new EvidenceException("Certificates of a table that overlap");
      }
      fields.zeros(entry.offset() - at);
      certificates.put(entry.id(), Certificates.der(fields.take(entry.length())));
      at = entry.offset() + entry.length();
    }
    fields.zeros(fields.remaining());
    try {
      return new CertificateTable(certificates.buildOrThrow());
    } catch (IllegalArgumentException e) {
      throw new EvidenceException("A certificate table with two of a kind", e);
    }
  }

  private static Entry entry(Fields fields) throws EvidenceException {
    long high = Long.reverseBytes(fields.u64());
    long low = Long.reverseBytes(fields.u64());
    return new Entry(new UUID(high, low), fields.u32(), fields.u32());
  }

  ImmutableMap<UUID, X509Certificate> certificates() {
    return certificates;
  }
}
