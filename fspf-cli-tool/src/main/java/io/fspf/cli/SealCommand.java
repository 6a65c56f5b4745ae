package io.fspf.cli;

import com.google.common.base.Stopwatch;
import io.fspf.Freshness;
import io.fspf.Integrity;
import io.fspf.VolumeInfo;
import io.fspf.VolumeKeyException;
import io.fspf.key.KeyProvider;
import io.fspf.seal.Sealer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a volume from a host directory. */
@Command(
    name = "seal",
    description = {
      "Make a volume from a directory.",
      "--encrypt puts SOURCE's tree, encrypted, into the new directory TARGET; --authenticate seals"
          + " DIR where it stands and adds only DIR/fspf.pb."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  fspf seal --encrypt --key-file key ./data ./data.fspf",
      "  fspf seal --authenticate ./app"
    })
final class SealCommand extends Subcommand {
  @Mixin private final KeyOptions keys = new KeyOptions();
  @Mixin private final StoreOptions tags = new StoreOptions();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Mode mode = new Mode();

  private static final class Mode {
    @Option(names = "--encrypt", description = "Encrypt SOURCE's tree into TARGET.")
    private boolean encrypt;

    @Option(names = "--authenticate", description = "Seal DIR where it stands.")
    @SuppressWarnings("UnusedVariable") // It is what remains.
    private boolean authenticate;
  }

  private enum IntegrityChoice {
    SHA256,
    GMAC
  }

  @Option(
      names = "--integrity",
      paramLabel = "sha256|gmac",
      description =
          "What holds authenticated files: sha256 against everyone, with the tag alone (default);"
              + " gmac much faster, against everyone who lacks the key.")
  private @Nullable IntegrityChoice integrity;

  @Option(
      names = "--commit-digest",
      description = "Bind encrypted files by SHA-256 as well, so that the tag binds key holders.")
  private boolean commitDigest;

  @Option(
      names = "--chunk-size",
      paramLabel = "N[KiB]",
      converter = ByteSize.Converter.class,
      description = "The unit of protection, a power of two from 4KiB to 16MiB (default: 64KiB).")
  private @Nullable ByteSize chunkSize;

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description =
          "Leave out what matches by its path from SOURCE, as *.log, **/*.log, build; may be"
              + " repeated.")
  private List<String> excluded = List.of();

  @Option(names = "--force", description = "Replace a volume that is there.")
  private boolean force;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "The directory to seal (DIR for --authenticate).")
  private Path source;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "The directory to be made, for --encrypt.")
  private @Nullable Path target;

  @Override
  Report run(Terminal terminal) throws IOException {
    Sealer sealer = sealer();
    Optional<KeyProvider> provider = keys.provider(terminal, common());
    if (provider.isPresent()) {
      sealer = sealer.withKeys(provider.get());
    } else if (mode.encrypt || integrity == IntegrityChoice.GMAC) {
      throw new VolumeKeyException(
          "There is no key: name a file with --key-file (it is made if it does not exist) or"
              + " --passphrase-file, or set FSPF_KEY");
    }
    Optional<Freshness> store = tags.stored();
    if (store.isPresent()) {
      sealer = sealer.withFreshness(store.get());
    }
    Path volume = target == null ? source : target;
    Stopwatch watch = Stopwatch.createStarted();
    VolumeInfo info;
    try (Progress progress = Progress.ofTree(terminal, common(), "seal", source)) {
      info = sealer.withProgress(progress.asSealProgress()).seal();
    }
    return new Report()
        .member("volume", volume.toString())
        .state(info)
        .seconds(watch.elapsed())
        .note(
            Summary.of(
                "Sealed",
                info.files(),
                info.directories(),
                info.symlinks(),
                info.bytes(),
                watch.elapsed()))
        .line("tag: " + info.tag());
  }

  private Sealer sealer() {
    try {
      Sealer sealer = (mode.encrypt ? encrypting() : authenticating()).withForce(force);
      if (chunkSize != null) {
        sealer = sealer.withChunkSize(Math.toIntExact(chunkSize.bytes()));
      }
      for (String glob : excluded) {
        sealer = sealer.withExclude(glob);
      }
      return sealer;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw wrongUse(String.valueOf(e.getMessage()));
    }
  }

  private Sealer encrypting() {
    if (target == null) {
      throw wrongUse("seal --encrypt needs the directory TARGET to put the volume into");
    }
    if (integrity != null) {
      throw wrongUse("--integrity is for --authenticate; encrypted files are always verified");
    }
    Sealer sealer = Sealer.encrypt(source, target);
    return commitDigest ? sealer.withIntegrity(Integrity.GCM_SHA256) : sealer;
  }

  private Sealer authenticating() {
    if (target != null) {
      throw wrongUse("seal --authenticate seals where the files stand; there is no TARGET");
    }
    if (commitDigest) {
      throw wrongUse("--commit-digest is for --encrypt; --integrity sha256 does the same here");
    }
    Sealer sealer = Sealer.authenticate(source);
    return integrity == IntegrityChoice.GMAC ? sealer.withIntegrity(Integrity.GMAC) : sealer;
  }
}
