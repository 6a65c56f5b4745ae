package io.fspf.cas.client;

import io.fspf.cas.decision.Identity;
import io.fspf.cas.wire.Credentials;
import java.io.IOException;
import java.nio.file.Path;

/** Identity files: a private key in PKCS #8 and its certificate, both in PEM. */
public final class Identities {
  private Identities() {}

  /**
   * Whose the file is; it is made, mode 0600, where it does not exist.
   *
   * @throws IOException if it is none, or others may read it
   */
  public static Identity of(Path file) throws IOException {
    return Credentials.file(file).identity();
  }

  /** Whether the file holds a private key, and not a certificate alone. */
  public static boolean isIdentity(Path file) throws IOException {
    return Credentials.hasPrivateKey(file);
  }

  /**
   * Whose a certificate is: a service's, for example.
   *
   * @param certificate a file in PEM
   */
  public static Identity ofCertificate(Path certificate) throws IOException {
    return Identity.of(Credentials.certificate(certificate).getPublicKey());
  }
}
