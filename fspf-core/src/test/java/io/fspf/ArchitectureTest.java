package io.fspf;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds which package may use which, and which ones alone touch cryptography and the host. */
class ArchitectureTest {
  /** One part of the core, and the parts that it may use. */
  private record Room(
      String name, DescribedPredicate<? super JavaClass> classes, List<String> mayUse) {
    static Room ofPackage(String name, String packageName, String... mayUse) {
      return new Room(name, resideInAPackage(packageName + ".."), List.of(mayUse));
    }
  }

  /** Classes of {@code io.fspf} that are more than plain values, and what they stand on. */
  private static final DescribedPredicate<JavaClass> SECRETS =
      classes("io.fspf.VolumeKey", "io.fspf.CryptoEngine");

  private static final DescribedPredicate<JavaClass> OPTIONS =
      classes("io.fspf.Freshness", "io.fspf.VolumeOptions");

  /**
   * An interface that the volume room implements, with static methods that are the door to that
   * room: the one pair that know each other.
   */
  private static final DescribedPredicate<JavaClass> DOOR = classes("io.fspf.Volume");

  private static final DescribedPredicate<JavaClass> VALUES =
      resideInAPackage("io.fspf").and(not(SECRETS)).and(not(OPTIONS)).and(not(DOOR)).as("values");

  private static DescribedPredicate<JavaClass> classes(String... names) {
    return DescribedPredicate.describe(
        List.of(names).toString(),
        c -> List.of(names).contains(c.getName().replaceFirst("\\$.*", "")));
  }

  /** From the bottom up: a room uses only rooms that stand before it, so there are no cycles. */
  private static final List<Room> ROOMS =
      List.of(
          new Room("values", VALUES, List.of()),
          Room.ofPackage("format", "io.fspf.internal.format"),
          Room.ofPackage("crypto", "io.fspf.internal.crypto", "values"),
          new Room("secrets", SECRETS, List.of("values", "crypto")),
          Room.ofPackage("host", "io.fspf.internal.host", "values"),
          Room.ofPackage("key", "io.fspf.key", "values", "format", "crypto", "secrets"),
          Room.ofPackage("tag", "io.fspf.tag", "values", "crypto", "host"),
          new Room("options", OPTIONS, List.of("values", "key", "tag")),
          Room.ofPackage("tree", "io.fspf.internal.tree", "values", "format", "crypto", "host"),
          Room.ofPackage(
              "file", "io.fspf.internal.file", "values", "format", "crypto", "host", "tree"),
          Room.ofPackage(
              "volume",
              "io.fspf.internal.volume",
              "values",
              "format",
              "crypto",
              "secrets",
              "host",
              "key",
              "tag",
              "options",
              "tree",
              "file",
              "door"),
          new Room("door", DOOR, List.of("values", "key", "options", "volume")),
          Room.ofPackage(
              "seal",
              "io.fspf.seal",
              "values",
              "format",
              "crypto",
              "secrets",
              "host",
              "key",
              "tag",
              "options",
              "tree",
              "file",
              "volume",
              "door"));

  private static final Set<String> EXPORTED =
      Set.of("io.fspf", "io.fspf.key", "io.fspf.tag", "io.fspf.seal");

  private static Path directory;
  private static JavaClasses core;

  @BeforeAll
  static void readClasses() throws URISyntaxException {
    directory = Path.of(RootTag.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    core = new ClassFileImporter().importPath(directory);
    assertThat(core.contain(RootTag.class)).as("the core's classes are read").isTrue();
  }

  @Test
  void noRoomUsesOneAboveIt() {
    var below = new HashSet<String>();
    for (Room room : ROOMS) {
      var used = new HashSet<>(room.mayUse());
      if (room.name().equals("volume")) {
        used.remove("door");
      }
      assertThat(below).as(room.name()).containsAll(used);
      below.add(room.name());
    }
  }

  @Test
  void everyClassStandsInARoomAndUsesOnlyWhatTheRoomMay() {
    var rule = layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    for (Room room : ROOMS) {
      rule = rule.layer(room.name()).definedBy(room.classes());
    }
    for (Room room : ROOMS) {
      rule =
          room.mayUse().isEmpty()
              ? rule.whereLayer(room.name()).mayNotAccessAnyLayer()
              : rule.whereLayer(room.name())
                  .mayOnlyAccessLayers(room.mayUse().toArray(String[]::new));
    }
    rule.ensureAllClassesAreContainedInArchitecture().check(core);
  }

  @Test
  void onlyCryptoTouchesCryptography() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fspf.internal.crypto..")
        .and()
        .doNotHaveFullyQualifiedName(RootTag.class.getName())
        .should()
        .dependOnClassesThat(cryptography())
        .check(core);
  }

  /** A constant-time comparison needs no key and no provider. */
  @Test
  void rootTagUsesNoMoreThanTheConstantTimeComparison() {
    var uses =
        core.get(RootTag.class).getAccessesFromSelf().stream()
            .filter(access -> cryptography().test(access.getTargetOwner()))
            .map(access -> access.getTarget().getFullName())
            .collect(toCollection(TreeSet::new));
    assertThat(uses).containsExactly(MessageDigest.class.getName() + ".isEqual([B, [B)");
  }

  private static DescribedPredicate<JavaClass> cryptography() {
    return resideInAnyPackage(
            "javax.crypto..", "java.security..", "org.bouncycastle..", "com.amazon.corretto..")
        .as("cryptography");
  }

  /**
   * Key files, tag files and the clear trees that are sealed or unsealed are no part of a volume.
   */
  @Test
  void onlyHostTouchesTheHost() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.fspf.internal.host..", "io.fspf.key..", "io.fspf.tag..", "io.fspf.seal..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "open, list or change files", c -> FILE_ACCESS.contains(c.getName())))
        .check(core);
  }

  private static final Set<String> FILE_ACCESS =
      Set.of(
          "java.nio.file.Files",
          "java.nio.channels.FileChannel",
          "java.nio.channels.AsynchronousFileChannel",
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "com.google.common.io.Files",
          "com.google.common.io.MoreFiles");

  @Test
  void moduleExportsThePublicPackagesAndNoOther() throws IOException {
    ModuleDescriptor module;
    try (var in = Files.newInputStream(directory.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    var expected = new TreeSet<>(EXPORTED);
    expected.retainAll(
        core.stream().map(JavaClass::getPackageName).collect(toCollection(TreeSet::new)));
    assertThat(module.exports())
        .as("unqualified exports")
        .allMatch(export -> !export.isQualified())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(module.isOpen()).isFalse();
    assertThat(module.opens())
        .as("opened packages; protobuf reads the generated messages by reflection")
        .allMatch(
            opens ->
                opens.source().equals("io.fspf.internal.format")
                    && opens.targets().equals(Set.of("com.google.protobuf")));
  }
}
