package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.client.Configuration;
import io.fspf.cas.client.ReleasedVolumes;
import io.fspf.cas.evidence.Attester;
import io.fspf.cas.session.SeedDocuments;
import io.fspf.cas.session.Session;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.nio.MountedFileSystemProvider;
import io.fspf.seal.Sealer;
import io.fspf.seal.Unsealer;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The cast of the field's own example: a creator who seals an image's {@code /usr}, a user who
 * seals inputs and an empty output volume, and the host on which all of it lies and runs.
 */
final class Blender implements Closeable {
  static final HashCode MEASUREMENT = Hashing.sha256().hashString("blender", UTF_8);
  static final HashCode OTHER_MEASUREMENT = Hashing.sha256().hashString("gimp", UTF_8);
  static final String INPUTS = "encrypted-input-files";
  static final String OUTPUTS = "encrypted-output-files";
  static final String APPLICATION = "import bpy  # the user's idea\n";
  static final String PICTURE = "\u0089PNG of what the user's idea looks like";

  final TestService service;
  final CasClient creator;
  private final Path folder;
  private final Map<String, VolumeKey> keys = new HashMap<>();

  private Blender(Path folder, TestService service) throws IOException {
    this.folder = folder;
    this.service = service;
    this.creator = service.client("creator");
  }

  /** A service in hardware mode, and nothing sealed yet. */
  static Blender begin(Path folder) throws Exception {
    return new Blender(folder, TestService.start(folder, true));
  }

  /** All that precedes the program's start. */
  static Blender ready(Path folder) throws Exception {
    Blender blender = begin(folder);
    blender.exportImage(UnaryOperator.identity());
    blender.deriveSession("user");
    return blender;
  }

  /** The root of the image's tree on the host. */
  Path host() {
    return folder.resolve("host");
  }

  /** A volume of a user on the host. */
  Path onHost(String user, String volume) {
    return folder.resolve(user).resolve(volume);
  }

  VolumeKey key(String name) {
    return keys.computeIfAbsent(name, n -> VolumeKey.generate());
  }

  KeyProvider keyProvider(String name) {
    return KeyProviders.raw(key(name));
  }

  private String hex(String name) {
    return new String(key(name).exportHex());
  }

  /** The creator authenticates /usr and exports service and image. */
  void exportImage(UnaryOperator<String> edit) throws IOException {
    Path usr = host().resolve("usr");
    Files.createDirectories(usr.resolve("lib"));
    Files.writeString(usr.resolve("lib/blender.py"), "def render(scene): ...\n");
    Files.write(usr.resolve("blender"), new byte[100_000]);
    creator.create(image(edit, Sealer.authenticate(usr).withKeys(keyProvider("usr")).seal().tag()));
  }

  /** The creator's document. */
  Session image(UnaryOperator<String> edit, RootTag tag) throws IOException {
    return SeedDocuments.read(
        edit.apply(SeedDocuments.creator()),
        Map.of("MRENCLAVE", MEASUREMENT.toString(), "FSPF_KEY", hex("usr"), "FSPF_TAG", "" + tag));
  }

  /** A user seals inputs and an empty volume, and derives a session of the user's name. */
  void deriveSession(String user) throws IOException {
    deriveSession(user, UnaryOperator.identity());
  }

  void deriveSession(String user, UnaryOperator<String> edit) throws IOException {
    Path plain = Files.createDirectories(folder.resolve(user + "-plain"));
    Path none = Files.createDirectories(folder.resolve(user + "-none"));
    Files.writeString(plain.resolve("application.py"), APPLICATION);
    Files.writeString(plain.resolve("utils.py"), "tau = 2 * pi\n".repeat(10_000));
    RootTag inputs = seal(plain, user, INPUTS);
    RootTag outputs = seal(none, user, OUTPUTS);
    service.client(user).create(session(user, edit, inputs, outputs));
  }

  private RootTag seal(Path plain, String user, String volume) throws IOException {
    return Sealer.encrypt(plain, onHost(user, volume))
        .withKeys(keyProvider(user + volume))
        .seal()
        .tag();
  }

  /** A user's document. */
  Session session(String user, UnaryOperator<String> edit, RootTag inputs, RootTag outputs)
      throws IOException {
    return SeedDocuments.read(
        edit.apply(SeedDocuments.user()),
        Map.of(
            "SESSION", user,
            "INPUT_FSPF_KEY", hex(user + INPUTS),
            "INPUT_FSPF_TAG", inputs.toString(),
            "OUTPUT_FSPF_KEY", hex(user + OUTPUTS),
            "OUTPUT_FSPF_TAG", outputs.toString()));
  }

  /** A program of a measurement, on a platform that is in order. */
  Attester program(HashCode measurement) {
    return service.intel().sgx(measurement);
  }

  /** The right program, started for a user. */
  Running run(String user) throws IOException {
    return run(user, program(MEASUREMENT), user);
  }

  /**
   * A program.
   *
   * @param volumes whose volumes the host gives it
   */
  Running run(String user, Attester program, String volumes) throws IOException {
    Configuration configuration = service.program().attest(user + "/blender", program);
    return new Running(
        configuration,
        new MountedFileSystemProvider(
            FileSystems.getDefault().provider(),
            new ReleasedVolumes(
                    configuration,
                    host(),
                    Map.of(INPUTS, onHost(volumes, INPUTS), OUTPUTS, onHost(volumes, OUTPUTS)))
                .mounts()));
  }

  /** A program with its mounts. */
  record Running(Configuration configuration, MountedFileSystemProvider files)
      implements Closeable {
    Path path(String path) {
      return files.getFileSystem(URI.create("file:///")).getPath(path);
    }

    String read(String path) throws IOException {
      return Files.readString(path(path));
    }

    /** Does what it is there for. */
    void render() throws IOException {
      assert read("/encryptedInputs/application.py").equals(APPLICATION);
      Files.writeString(path("/encryptedOutputs/simple_sphere.png"), PICTURE);
    }

    @Override
    public void close() throws IOException {
      files.closeMounts();
      configuration.close();
    }
  }

  /** A user takes the outputs out, under the tag that the service knows. */
  Path outputs(String user) throws IOException {
    RootTag tag = Objects.requireNonNull(service.client(user).read(user).tags().get(OUTPUTS));
    Path target = folder.resolve(user + "-outputs");
    VolumeOptions options =
        VolumeOptions.of(Freshness.pinned(tag)).withKeys(keyProvider(user + OUTPUTS));
    Unsealer.of(onHost(user, OUTPUTS), options, target).unseal();
    return target;
  }

  /** What is in a volume now, by its own word. */
  static RootTag tagOf(Path volume, VolumeKey key) throws IOException {
    try (Volume opened =
        Volume.open(
            volume, VolumeOptions.of(Freshness.unchecked()).withKeys(KeyProviders.raw(key)))) {
      return opened.tag();
    }
  }

  /** Puts a tree in the place of another. */
  static void replace(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      Files.walkFileTree(
          to,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    }
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
