package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys, certificates and revocation lists as vendors do. */
final class TestPki {
  static final String ECDSA = "SHA256withECDSA";
  static final String PSS = "SHA384withRSAandMGF1";

  /** What a certificate has beyond a name and a key. */
  record Extra(String oid, byte[] value) {}

  /** A certificate with its key. */
  record Identity(X509Certificate certificate, KeyPair keys) {
    byte[] encoded() {
      try {
        return certificate.getEncoded();
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    String pem() {
      return TestPki.pem(encoded());
    }

    TrustedRoot asRoot() {
      try {
        return TrustedRoot.pinned(
            encoded(), ImmutableSet.of(Hashing.sha256().hashBytes(encoded())));
      } catch (EvidenceException e) {
        throw new AssertionError(e);
      }
    }
  }

  static final int LEAF = -1;

  private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();
  private static final Date FROM = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
  private static final Date TO = Date.from(Instant.parse("2045-01-01T00:00:00Z"));

  private TestPki() {}

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Shorter than AMD's 4096 bits, which take seconds to find. */
  static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static Identity root(String name, KeyPair keys, String algorithm) {
    return certify(name, keys, new X500Name(name), keys, algorithm, 1, List.of());
  }

  static Identity authority(String name, KeyPair keys, Identity issuer, String algorithm) {
    return certify(name, keys, subject(issuer), issuer.keys(), algorithm, 0, List.of());
  }

  static Identity leaf(
      String name, KeyPair keys, Identity issuer, String algorithm, List<Extra> extras) {
    return certify(name, keys, subject(issuer), issuer.keys(), algorithm, LEAF, extras);
  }

  private static X500Name subject(Identity identity) {
    return X500Name.getInstance(identity.certificate().getSubjectX500Principal().getEncoded());
  }

  private static Identity certify(
      String name,
      KeyPair keys,
      X500Name issuer,
      KeyPair issuerKeys,
      String algorithm,
      int pathLength,
      List<Extra> extras) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(name.hashCode() & 0xffffffL),
              FROM,
              TO,
              new X500Name(name),
              keys.getPublic());
      if (pathLength == LEAF) {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      } else {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      }
      for (Extra extra : extras) {
        builder.addExtension(new ASN1ObjectIdentifier(extra.oid()), false, extra.value());
      }
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(builder.build(signer(algorithm, issuerKeys)));
      return new Identity(certificate, keys);
    } catch (CertIOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] revocations(
      Identity issuer, String algorithm, Instant from, Instant to, List<Identity> revoked) {
    try {
      X509v2CRLBuilder builder = new X509v2CRLBuilder(subject(issuer), Date.from(from));
      builder.setNextUpdate(Date.from(to));
      for (Identity identity : revoked) {
        builder.addCRLEntry(
            identity.certificate().getSerialNumber(), Date.from(from), CRLReason.keyCompromise);
      }
      X509CRLHolder list = builder.build(signer(algorithm, issuer.keys()));
      return list.getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ContentSigner signer(String algorithm, KeyPair keys) {
    try {
      return new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(keys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  /** r and s, big-endian. */
  static byte[] sign(String algorithm, KeyPair keys, byte[]... message) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(keys.getPrivate());
      for (byte[] part : message) {
        signature.update(part);
      }
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String pem(byte[] encoded) {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
        + "\n-----END CERTIFICATE-----\n";
  }
}
