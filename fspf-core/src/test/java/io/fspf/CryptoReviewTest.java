package io.fspf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a review of the cryptography would ask of every change: that all labels are known and keep
 * their domains apart, and that nothing is compared in variable time that has to be secret.
 */
class CryptoReviewTest {
  /**
   * Where each label is used. Within one domain, which is one key and one primitive, no label may
   * be the beginning of another: what follows is of a fixed length for each, but that needs no
   * proof then.
   */
  private static final Map<String, List<String>> DOMAINS =
      Map.of(
          "HKDF info under the volume key",
          List.of(
              "fspf/v1/metadata-node",
              "fspf/v1/metadata-commit",
              "fspf/v1/file-keys",
              "fspf/v1/key-commitment"),
          "HKDF info under a file key",
          List.of("fspf/v1/chunk/gcm", "fspf/v1/chunk/gmac"),
          "additional data of GCM",
          List.of(
              "fspf/v1/node",
              "fspf/v1/commit",
              "fspf/v1/file-key",
              "fspf/v1/key-slot/passphrase",
              // Padded with zeros to 16 bytes.
              "fspf/v1/chunk\0\0\0"),
          "start of what SHA-256 digests",
          List.of("fspf/v1/root-tag\0", "fspf/v1/chunk\0\0\0", "fspf/v1/key-fingerprint"));

  /** Frames are digested as they stand; they begin with the tag of one of three fields. */
  private static final List<Integer> FRAMES = List.of(0x0A, 0x12, 0x1A);

  /** Comparisons in variable time, and why what they compare is no secret. */
  private static final Map<String, String> VARIABLE_TIME =
      new TreeMap<>(
          Map.of(
              "CipherPool$Entry.wasLastSetTo", "nonces, which are stored in clear",
              "SelfTest.run", "published test vectors",
              "KeySlot.equals", "slots, which stand in the header in clear"));

  private static Path directory;
  private static JavaClasses core;

  @BeforeAll
  static void readClasses() throws URISyntaxException {
    directory = Path.of(RootTag.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    core = new ClassFileImporter().importPath(directory);
  }

  @Test
  void everyLabelHasADomainAndNoneIsTheBeginningOfAnotherThere() throws IOException {
    var known = new TreeSet<String>();
    DOMAINS.values().forEach(labels -> labels.forEach(label -> known.add(unpadded(label))));
    assertThat(labels().stream().map(CryptoReviewTest::unpadded).toList())
        .as("labels in the classes")
        .containsExactlyInAnyOrderElementsOf(known);
    DOMAINS.forEach(
        (domain, labels) -> {
          for (String one : labels) {
            for (String other : labels) {
              assertThat(one.equals(other) || !one.startsWith(other))
                  .as("%s: '%s' and '%s'", domain, one, other)
                  .isTrue();
            }
            assertThat(FRAMES).as(one).doesNotContain((int) one.charAt(0));
          }
        });
  }

  private static String unpadded(String label) {
    return label.replaceFirst("\0+$", "");
  }

  /** All string constants of the classes that look like a label. */
  private static Set<String> labels() throws IOException {
    Pattern constant = Pattern.compile("\u0001(.)(.)(fspf/v)", Pattern.DOTALL);
    var labels = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String text = new String(Files.readAllBytes(file), ISO_8859_1);
        Matcher matcher = constant.matcher(text);
        while (matcher.find()) {
          int length = matcher.group(1).charAt(0) << 8 | matcher.group(2).charAt(0);
          // A zero is written in two bytes there.
          labels.add(
              text.substring(matcher.start(3), matcher.start(3) + length)
                  .replace("\u00C0\u0080", "\0"));
        }
      }
    }
    return labels;
  }

  @Test
  void secretsTagsAndDigestsAreComparedInConstantTime() {
    var found = new TreeSet<String>();
    for (JavaClass type : core) {
      if (handlesSecrets(type)) {
        for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
          if (isVariableTime(call)) {
            found.add(
                type.getName().substring(type.getPackageName().length() + 1)
                    + "."
                    + call.getOrigin().getName());
          }
        }
      }
    }
    assertThat(found).containsExactlyElementsOf(VARIABLE_TIME.keySet());
  }

  /** The rooms in which keys, tags and digests are at home. */
  private static boolean handlesSecrets(JavaClass type) {
    return type.getPackageName().equals("io.fspf.internal.crypto")
        || type.getPackageName().equals("io.fspf.key")
        || Stream.of("VolumeKey", "RootTag", "internal.file.FileKeys", "internal.tree.Sha256")
            .anyMatch(name -> type.getName().equals("io.fspf." + name))
        || type.getName().endsWith("Protector");
  }

  private static boolean isVariableTime(JavaMethodCall call) {
    String owner = call.getTargetOwner().getName();
    String name = call.getTarget().getName();
    boolean arrays =
        owner.equals("java.util.Arrays")
            && Set.of("equals", "mismatch", "compare", "compareUnsigned", "deepEquals")
                .contains(name);
    boolean values =
        Set.of("java.nio.ByteBuffer", "com.google.protobuf.ByteString", "java.util.Objects")
                .contains(owner)
            && Set.of("equals", "mismatch", "compareTo").contains(name);
    return arrays || values;
  }

  /** What holds a secret shows nothing of it, and cannot be written to a stream. */
  @Test
  void classesThatHoldSecretsSayNothingOfThem() {
    var holders =
        core.stream()
            .filter(
                type ->
                    type.getFields().stream()
                        .anyMatch(
                            field ->
                                field
                                    .getRawType()
                                    .getSimpleName()
                                    .matches("SecretBytes|AesKey|AeadKey|MacKey|VolumeKey")))
            .collect(toCollection(ArrayList::new));
    assertThat(holders).hasSizeGreaterThan(5);
    for (JavaClass type : holders) {
      boolean isRecord = type.isAssignableTo(Record.class);
      boolean hasText = type.tryGetMethod("toString").isPresent();
      // A record prints its components, whose own text is redacted.
      assertThat(!hasText || isRecord || isRedacted(type)).as(type.getName()).isTrue();
    }
  }

  private static boolean isRedacted(JavaClass type) {
    return type.getMethod("toString").getMethodCallsFromSelf().stream()
        .noneMatch(
            call ->
                Set.of("expose", "exportBytes", "exportHex").contains(call.getTarget().getName()));
  }
}
