package io.fspf.cas.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fspf.cas.decision.Identity;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key and the certificate of its public key: how one side shows who it is. */
public final class Credentials {
  private static final int MAX_LENGTH = 64 << 10;
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private final PrivateKey privateKey;
  private final X509Certificate certificate;

  private Credentials(PrivateKey privateKey, X509Certificate certificate) {
    this.privateKey = privateKey;
    this.certificate = certificate;
  }

  /** These. */
  public static Credentials of(PrivateKey privateKey, X509Certificate certificate) {
    return new Credentials(privateKey, certificate);
  }

  /** New ones. */
  public static Credentials generate(String name, Optional<byte[]> sealingKey)
      throws GeneralSecurityException {
    KeyPair keys = Certificates.generateKey();
    return new Credentials(
        keys.getPrivate(), Certificates.selfSigned(name, keys, sealingKey, Instant.now()));
  }

  /**
   * Those in a PEM file that nobody else can read; it is made where it does not exist.
   *
   * @throws IOException if it holds none, or others may read it
   */
  public static Credentials file(Path file) throws IOException {
    try {
      if (!Files.exists(file)) {
        Credentials made = generate("fspf", Optional.empty());
        try {
          made.write(file);
          return made;
        } catch (FileAlreadyExistsException e) {
          // Somebody else made it first.
        }
      }
      return read(file);
    } catch (GeneralSecurityException e) {
      throw new IOException("Not an identity file: " + file + ": " + e.getMessage(), e);
    }
  }

  private static Credentials read(Path file) throws IOException, GeneralSecurityException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IOException(
            "The identity file " + file + " is open to others; run chmod 600 on it");
      }
    }
    String text = small(file);
    PrivateKey key = null;
    X509Certificate certificate = null;
    Matcher matcher = PEM.matcher(text);
    while (matcher.find()) {
      byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
      if (matcher.group(1).equals("PRIVATE KEY")) {
        key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
      } else if (matcher.group(1).equals("CERTIFICATE")) {
        certificate = Certificates.parse(der);
      }
    }
    if (key == null || certificate == null) {
      throw new GeneralSecurityException("it needs a PRIVATE KEY and a CERTIFICATE in PEM");
    }
    return new Credentials(key, certificate);
  }

  /** Whether a PEM file holds a private key. */
  public static boolean hasPrivateKey(Path file) throws IOException {
    return small(file).contains("-----BEGIN PRIVATE KEY-----");
  }

  private static String small(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
      if (bytes.length > MAX_LENGTH) {
        throw new IOException("Too long: " + file);
      }
      return new String(bytes, US_ASCII);
    }
  }

  private void write(Path file) throws IOException, GeneralSecurityException {
    String text = pem("PRIVATE KEY", privateKey.getEncoded()) + certificatePem();
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean posix =
        Files.getFileStore(Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file))
            .supportsFileAttributeView("posix");
    try (FileChannel out =
        posix
            ? FileChannel.open(
                file,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : FileChannel.open(file, options)) {
      var bytes = java.nio.ByteBuffer.wrap(text.getBytes(US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  /** The certificate in a PEM file. */
  public static X509Certificate certificate(Path file) throws IOException {
    try {
      return Certificates.parse(small(file).getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IOException("Not a certificate in PEM: " + file, e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), type);
  }

  /** The certificate in PEM. */
  public String certificatePem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  /** The certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The private key. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  /** Who this is. */
  public Identity identity() {
    return Identity.of(certificate.getPublicKey());
  }
}
