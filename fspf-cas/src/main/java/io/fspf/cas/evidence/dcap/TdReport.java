package io.fspf.cas.evidence.dcap;

import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Fields;

/**
 * The body of a report of a TDX 1.0 trust domain.
 *
 * @param teeTcbSvn the security versions of the TDX module and what is below it, 16 bytes
 * @param mrSignerSeam who signed the TDX module, 48 bytes; zeros are Intel
 * @param seamAttributes 8 bytes
 * @param tdAttributes 8 bytes
 * @param xfam which extended features the domain may use, 8 bytes
 * @param mrTd what was loaded on launch, 48 bytes
 * @param settings MRCONFIGID, MROWNER and MROWNERCONFIG, what the launcher set, 144 bytes
 * @param rtMrs the four registers that the domain extends as it boots, 192 bytes
 * @param reportData 64 bytes of the domain's own
 */
record TdReport(
    byte[] teeTcbSvn,
    byte[] mrSignerSeam,
    byte[] seamAttributes,
    byte[] tdAttributes,
    byte[] xfam,
    byte[] mrTd,
    byte[] settings,
    byte[] rtMrs,
    byte[] reportData) {

  static final int LENGTH = 584;
  static final int REGISTER = 48;

  /**
   * DEBUG and the bits reserved beside it: with any of them set the domain is not to be trusted.
   */
  private static final int UNTRUSTED = 0xff;

  static TdReport read(byte[] body) throws EvidenceException {
    Fields fields = new Fields("TD report", body);
    byte[] teeTcbSvn = fields.take(16);
    fields.take(REGISTER); // MRSEAM
    byte[] mrSignerSeam = fields.take(REGISTER);
    byte[] seamAttributes = fields.take(8);
    byte[] tdAttributes = fields.take(8);
    byte[] xfam = fields.take(8);
    byte[] mrTd = fields.take(REGISTER);
    byte[] settings = fields.take(3 * REGISTER);
    byte[] rtMrs = fields.take(4 * REGISTER);
    byte[] reportData = fields.take(64);
    fields.requireEnd();
    return new TdReport(
        teeTcbSvn,
        mrSignerSeam,
        seamAttributes,
        tdAttributes,
        xfam,
        mrTd,
        settings,
        rtMrs,
        reportData);
  }

  boolean debug() {
    return (tdAttributes[0] & UNTRUSTED) != 0;
  }
}
