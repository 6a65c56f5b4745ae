package io.fspf.cas.evidence.internal;

import io.fspf.cas.evidence.EvidenceException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;

/** Verifies ECDSA (FIPS 186-5) as hardware signs: r and s as numbers of a fixed length. */
public final class Ecdsa {
  /** P-256 with SHA-256. */
  public static final Ecdsa P256 = new Ecdsa("secp256r1", "SHA256withECDSAinP1363Format", 32);

  /** P-384 with SHA-384. */
  public static final Ecdsa P384 = new Ecdsa("secp384r1", "SHA384withECDSAinP1363Format", 48);

  private final ECParameterSpec curve;
  private final String algorithm;
  private final int length;

  private Ecdsa(String curve, String algorithm, int length) {
    this.algorithm = algorithm;
    this.length = length;
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(curve));
      this.curve = parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No curve " + curve, e);
    }
  }

  /** The length of r and s together, in bytes. */
  public int signatureLength() {
    return 2 * length;
  }

  /** The key of the given coordinates, big-endian, one after the other. */
  public PublicKey key(byte[] coordinates) throws EvidenceException {
    BigInteger x = new BigInteger(1, coordinates, 0, length);
    BigInteger y = new BigInteger(1, coordinates, length, length);
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger right =
        x.pow(2).add(curve.getCurve().getA()).multiply(x).add(curve.getCurve().getB()).mod(p);
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
      throw new EvidenceException("A key is no point of the curve");
    }
    try {
      return KeyFactory.getInstance("EC")
          .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
    } catch (GeneralSecurityException e) {
      throw new EvidenceException("Not a key", e);
    }
  }

  /**
   * Refuses a signature that is not the key's over the parts of a message, one after the other.
   *
   * @param signature r and s, big-endian
   * @param what the name of the message, for the reason
   */
  public void verify(PublicKey key, byte[] signature, String what, byte[]... message)
      throws EvidenceException {
    requireCurve(key, what);
    requireRange(Arrays.copyOfRange(signature, 0, length), what);
    requireRange(Arrays.copyOfRange(signature, length, 2 * length), what);
    boolean good;
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      for (byte[] part : message) {
        verifier.update(part);
      }
      good = verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      throw new EvidenceException("The signature of " + what + " cannot be verified", e);
    }
    if (!good) {
      throw new EvidenceException("The signature of " + what + " does not match");
    }
  }

  private void requireCurve(PublicKey key, String what) throws EvidenceException {
    if (!(key instanceof ECPublicKey ec)
        || !ec.getParams().getCurve().equals(curve.getCurve())
        || !ec.getParams().getOrder().equals(curve.getOrder())) {
      throw new EvidenceException("The key that signed " + what + " is of another curve");
    }
  }

  private void requireRange(byte[] number, String what) throws EvidenceException {
    BigInteger value = new BigInteger(1, number);
    if (value.signum() == 0 || value.compareTo(curve.getOrder()) >= 0) {
      throw new EvidenceException("The signature of " + what + " is out of range");
    }
  }
}
