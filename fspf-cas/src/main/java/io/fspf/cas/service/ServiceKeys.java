package io.fspf.cas.service;

import io.fspf.cas.decision.Identity;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.wire.Certificates;
import io.fspf.cas.wire.Credentials;
import io.fspf.cas.wire.Hpke;
import io.fspf.cas.wire.Message;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who the service is.
 *
 * @param credentials with which it speaks TLS and signs
 * @param sealing the keys to which others seal things for it
 */
record ServiceKeys(Credentials credentials, Hpke.KeyPair sealing) {
  private static final String SELF = "self";

  static ServiceKeys generate() throws GeneralSecurityException {
    Hpke.KeyPair sealing = Hpke.KeyPair.generate();
    return new ServiceKeys(
        Credentials.generate("fspf-cas", Optional.of(sealing.publicKey())), sealing);
  }

  static ServiceKeys load(Records records) throws IOException {
    Message self =
        records
            .get(Kind.SERVICE, SELF)
            .orElseThrow(() -> new IOException("The service's state lacks its own keys"));
    byte[] key = self.bytes("key");
    byte[] sealingKey = self.bytes("sealingKey");
    try {
      X509Certificate certificate = Certificates.parse(self.bytes("certificate"));
      return new ServiceKeys(
          Credentials.of(
              KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
              certificate),
          Hpke.KeyPair.of(sealingKey, Certificates.sealingKey(certificate)));
    } catch (GeneralSecurityException e) {
      throw new IOException("The service's own keys cannot be used", e);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(sealingKey, (byte) 0);
    }
  }

  void put(Records records) throws IOException, GeneralSecurityException {
    records.put(
        Kind.SERVICE,
        SELF,
        Message.empty()
            .with("key", credentials.privateKey().getEncoded())
            .with("certificate", credentials.certificate().getEncoded())
            .with("sealingKey", sealing.exportPrivateKey()));
  }

  Identity identity() {
    return credentials.identity();
  }

  X509Certificate certificate() {
    return credentials.certificate();
  }

  /** Who, without the keys. */
  @Override
  public String toString() {
    return "ServiceKeys[" + identity() + "]";
  }
}
