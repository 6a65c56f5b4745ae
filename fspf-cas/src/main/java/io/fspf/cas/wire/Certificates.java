package io.fspf.cas.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Self-signed certificates: envelopes of a public key, P-256. Whom a key belongs to is known by its
 * hash; no name in a certificate is believed. A service's certificate also holds the public key to
 * which sessions are sealed.
 */
public final class Certificates {
  /** Made of a random UUID, as ITU-T X.667 has it. */
  private static final ASN1ObjectIdentifier SEALING_KEY =
      new ASN1ObjectIdentifier("2.25.228390154208301766321907457091215834021");

  private static final Duration VALIDITY = Duration.ofDays(3650);

  private Certificates() {}

  /** A new key pair. */
  public static KeyPair generateKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /**
   * A certificate of a key.
   *
   * @param sealingKey what it holds beside, if anything
   */
  public static X509Certificate selfSigned(
      String name, KeyPair keys, Optional<byte[]> sealingKey, Instant now)
      throws GeneralSecurityException {
    X500Name subject = new X500Name("CN=" + name);
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              new BigInteger(127, new SecureRandom()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(VALIDITY)),
              subject,
              keys.getPublic());
      if (sealingKey.isPresent()) {
        builder.addExtension(SEALING_KEY, false, new DEROctetString(sealingKey.get()));
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return parse(builder.build(signer).getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** The certificate in DER or PEM. */
  public static X509Certificate parse(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /**
   * The key to which things for a service are sealed.
   *
   * @throws GeneralSecurityException if it is no service's certificate
   */
  public static byte[] sealingKey(X509Certificate certificate) throws GeneralSecurityException {
    byte[] extension = certificate.getExtensionValue(SEALING_KEY.getId());
    if (extension == null) {
      throw new GeneralSecurityException("Not the certificate of a service");
    }
    byte[] inner = ASN1OctetString.getInstance(extension).getOctets();
    byte[] key = ASN1OctetString.getInstance(inner).getOctets();
    if (key.length != Hpke.PUBLIC_KEY_LENGTH) {
      throw new GeneralSecurityException("The certificate's sealing key is none");
    }
    return key;
  }
}
