package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import java.util.Optional;
import java.util.function.Function;

/**
 * A security policy: which program, proven how, gets which volumes' keys and tags, and who may look
 * at all that or change it. Immutable; the keys in it are secrets, which {@link #toString} leaves
 * out.
 *
 * @param name unique in a service
 * @param predecessor the hash of the session that this one replaces, if it says so
 * @param services the programs
 * @param images where volumes stand in the file systems of images
 * @param volumes the volumes that this session knows
 * @param exports what other sessions may import
 * @param access who may read and update it
 * @param attestation which evidence is good enough
 * @param canonical the document in its canonical form, secrets and all
 * @param hash of the canonical form
 */
public record Session(
    String name,
    Optional<HashCode> predecessor,
    ImmutableList<Service> services,
    ImmutableList<Image> images,
    ImmutableList<SessionVolume> volumes,
    ImmutableList<Export> exports,
    AccessPolicy access,
    AttestationPolicy attestation,
    String canonical,
    HashCode hash) {

  /**
   * Reads a document in which all variables have values.
   *
   * @throws SessionException if it is no session; the message names the line
   */
  public static Session read(String document) throws SessionException {
    return read(document, name -> Optional.empty());
  }

  /**
   * Reads a template.
   *
   * @param variables gives the values of {@code $NAME} and <code>${NAME}</code>
   * @throws SessionException if it is no session, or a variable has no value
   */
  public static Session read(String template, Function<String, Optional<String>> variables)
      throws SessionException {
    return SessionReader.read(new Variables(variables).in(Yaml.read(template)));
  }

  /**
   * Reads the canonical form, in which a dollar sign is one.
   *
   * @throws SessionException if it is no session, or not in canonical form
   */
  public static Session readCanonical(String canonical) throws SessionException {
    Session session = SessionReader.read(Yaml.read(canonical));
    if (!session.canonical().equals(canonical)) {
      throw new SessionException(0, "the session is not in its canonical form");
    }
    return session;
  }

  /** The service of a name. */
  public Optional<Service> service(String wanted) {
    return services.stream().filter(service -> service.name().equals(wanted)).findFirst();
  }

  /** The image of a name. */
  public Optional<Image> image(String wanted) {
    return images.stream().filter(image -> image.name().equals(wanted)).findFirst();
  }

  /** The volume of a name. */
  public Optional<SessionVolume> volume(String wanted) {
    return volumes.stream().filter(volume -> volume.name().equals(wanted)).findFirst();
  }

  /**
   * The document as those may see it who may read the session: JSON, with {@code (held)} in the
   * place of keys and of the contents of files.
   */
  public String redacted() throws SessionException {
    return CanonicalForm.of(Redaction.of(Yaml.read(canonical)));
  }

  /** What is allowed and yet worth a warning. */
  public ImmutableList<String> warnings() {
    return Warnings.of(this);
  }

  /** The name and the hash. */
  @Override
  public String toString() {
    return "Session[" + name + ", " + hash + "]";
  }
}
