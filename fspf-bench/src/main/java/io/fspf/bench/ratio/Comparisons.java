package io.fspf.bench.ratio;

import io.fspf.Integrity;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.ratio.Comparison.Manner;
import io.fspf.bench.report.Unit;
import io.fspf.bench.work.Directories;
import io.fspf.bench.work.OpenWork;
import io.fspf.bench.work.RandomWork;
import io.fspf.bench.work.RawCrypto;
import io.fspf.bench.work.SequentialWork;
import io.fspf.bench.work.SmallFilesWork;
import io.fspf.bench.work.TreeWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The lines of the table: what is required of volumes, and of what beside what. */
final class Comparisons {
  private static final int BUFFER = 64 << 10;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** So short that several commits fall into a round. */
  private static final Duration COMMITS = Duration.ofMillis(250);

  /** So many times as many random writes as others make fill a round of a volume. */
  private static final int MANY = 20;

  private static final String DEFAULT = Kind.DEFAULT.title();
  private static final String ENCRYPTED = Kind.ENCRYPTED.title();
  private static final String VERIFY = "fspf verify";
  private static final String CRYPTOFS = Kind.CRYPTOFS.title();

  private final Sizes sizes;

  private Comparisons(Sizes sizes) {
    this.sizes = sizes;
  }

  /** All lines, in the order of the table. */
  static List<Comparison> of(Sizes sizes) {
    var lines = new Comparisons(sizes);
    return List.of(
        lines.sequentialRead(),
        lines.sequentialWrite(),
        lines.oneCore(),
        lines.randomRead(),
        lines.randomWrite(),
        lines.create(),
        lines.list(),
        lines.verifyGmac(),
        lines.verifySha256(),
        lines.seal(),
        lines.authenticatedRead(),
        lines.open());
  }

  private Comparison sequentialRead() {
    return new Comparison(
        "sequential read",
        "sequential read, buffers of 64 KiB, one reader",
        Manner.USUAL,
        List.of(Requirement.of(0.9, DEFAULT, ENCRYPTED), Requirement.of(2, CRYPTOFS, ENCRYPTED)),
        scratch ->
            sequentialReads(scratch, Kind.DEFAULT, Kind.ENCRYPTED, Kind.CRYPTOFS, Kind.TINK));
  }

  private List<Step> sequentialReads(Scratch scratch, Kind... kinds) throws Exception {
    List<Step> steps = new ArrayList<>();
    for (Contender contender : scratch.contenders(kinds)) {
      var work = new SequentialWork(contender, sizes.readBytes(), BUFFER);
      work.makeFile();
      steps.add(Step.of(contender.name(), work.size(), Unit.BYTES, work::read));
    }
    return steps;
  }

  private Comparison sequentialWrite() {
    return new Comparison(
        "sequential write",
        "sequential write of a new file, buffers of 64 KiB, one force at the end",
        Manner.USUAL,
        List.of(Requirement.of(0.8, DEFAULT, ENCRYPTED), Requirement.of(3, CRYPTOFS, ENCRYPTED)),
        scratch -> {
          List<Step> steps = new ArrayList<>();
          for (Contender contender :
              scratch.contenders(Kind.DEFAULT, Kind.ENCRYPTED, Kind.CRYPTOFS, Kind.TINK)) {
            var work = new SequentialWork(contender, sizes.writeBytes(), BUFFER);
            steps.add(
                new Step(contender.name(), work.size(), Unit.BYTES, work::removeFile, work::write));
          }
          return steps;
        });
  }

  /** Decrypting and reading one after the other is all that one core can do. */
  private Comparison oneCore() {
    return new Comparison(
        "one core",
        "sequential read on one core, no help from others",
        Manner.ONE_CORE,
        List.of(
            new Requirement(
                "0.7 × (1 / (1/raw cipher + 1/raw file read))",
                0.7,
                List.of("raw cipher", DEFAULT),
                ENCRYPTED)),
        scratch -> {
          List<Step> steps =
              new ArrayList<>(sequentialReads(scratch, Kind.DEFAULT, Kind.ENCRYPTED));
          var crypto = new RawCrypto(BUFFER);
          steps.add(
              Step.of(
                  "raw cipher",
                  sizes.readBytes(),
                  Unit.BYTES,
                  () -> crypto.open(sizes.readBytes())));
          return steps;
        });
  }

  private Comparison randomRead() {
    String twoThreads = ENCRYPTED + ", 2 threads";
    return new Comparison(
        "random read",
        "random read of 4 KiB, file of 256 MiB, 1 thread",
        Manner.USUAL,
        List.of(
            Requirement.of(0.5, DEFAULT, ENCRYPTED),
            Requirement.of(3, CRYPTOFS, ENCRYPTED),
            new Requirement("2 threads: 1.7 × 1 thread", 1.7, List.of(ENCRYPTED), twoThreads)),
        scratch -> {
          List<Step> steps = new ArrayList<>();
          for (Contender contender :
              scratch.contenders(Kind.DEFAULT, Kind.ENCRYPTED, Kind.CRYPTOFS, Kind.TINK)) {
            var work =
                scratch.keep(new RandomWork(contender, sizes.randomBytes(), sizes.randomReads()));
            work.makeFile();
            steps.add(
                Step.of(contender.name(), work.operations(), Unit.OPERATIONS, () -> work.read(1)));
            if (contender.directory().isPresent()) {
              steps.add(
                  Step.of(
                      contender.name() + ", 2 threads",
                      2L * work.operations(),
                      Unit.OPERATIONS,
                      () -> work.read(2)));
            }
          }
          return steps;
        });
  }

  private Comparison randomWrite() {
    return new Comparison(
        "random write",
        "random write of 4 KiB, file of 256 MiB, 1 thread, commits by interval (250 ms)",
        Manner.USUAL,
        List.of(Requirement.of(5, CRYPTOFS, ENCRYPTED)),
        scratch -> {
          List<Step> steps = new ArrayList<>();
          List<RandomWork> works = new ArrayList<>();
          for (Kind kind : List.of(Kind.DEFAULT, Kind.ENCRYPTED, Kind.CRYPTOFS)) {
            if (kind.isPresent()) {
              Contender contender = scratch.contender(kind, COMMITS);
              int count = sizes.randomWrites() * (kind == Kind.ENCRYPTED ? MANY : 1);
              var work = scratch.keep(new RandomWork(contender, sizes.randomBytes(), count));
              work.makeFile();
              works.add(work);
              steps.add(
                  new Step(
                      kind.title(),
                      count,
                      Unit.OPERATIONS,
                      // Of the others as well, or they would do it while this one is measured.
                      () -> settle(works),
                      () -> work.write(1)));
            }
          }
          return steps;
        });
  }

  private static void settle(List<RandomWork> works) throws IOException {
    for (RandomWork work : works) {
      work.settle();
    }
  }

  private Comparison create() {
    return new Comparison(
        "create",
        "create 10,000 files of 100 bytes",
        Manner.USUAL,
        List.of(Requirement.of(1.5, DEFAULT, ENCRYPTED), Requirement.of(10, CRYPTOFS, ENCRYPTED)),
        scratch -> {
          List<Step> steps = new ArrayList<>();
          for (SmallFilesWork work : smallFiles(scratch)) {
            steps.add(
                new Step(
                    work.name(),
                    work.count(),
                    Unit.OPERATIONS,
                    () -> {
                      work.delete();
                      work.settle();
                    },
                    work::create));
          }
          return steps;
        });
  }

  private Comparison list() {
    return new Comparison(
        "list and stat",
        "list and stat them",
        Manner.USUAL,
        List.of(Requirement.of(1, DEFAULT, ENCRYPTED), Requirement.of(5, CRYPTOFS, ENCRYPTED)),
        scratch -> {
          List<Step> steps = new ArrayList<>();
          for (SmallFilesWork work : smallFiles(scratch)) {
            work.create();
            work.settle();
            steps.add(Step.of(work.name(), work.count(), Unit.OPERATIONS, work::list));
          }
          return steps;
        });
  }

  private List<SmallFilesWork> smallFiles(Scratch scratch) throws Exception {
    List<SmallFilesWork> works = new ArrayList<>();
    for (Contender contender : scratch.contenders(Kind.DEFAULT, Kind.ENCRYPTED, Kind.CRYPTOFS)) {
      works.add(new SmallFilesWork(contender, "small", sizes.smallFiles()));
    }
    return works;
  }

  private Comparison verifyGmac() {
    String cat = "cat to /dev/null";
    return verify(
        "GMAC",
        Integrity.GMAC,
        new Requirement("0.8 × cat on as many threads", 0.8, List.of(cat), VERIFY),
        tree -> Step.of(cat, sizes.treeBytes(), Unit.BYTES, () -> tree.cat(CORES)));
  }

  private Comparison verifySha256() {
    String digest = "raw SHA-256";
    return verify(
        "SHA-256",
        Integrity.SHA256,
        new Requirement("0.9 × the raw digest on all cores", 0.9, List.of(digest), VERIFY),
        tree ->
            Step.of(
                digest,
                sizes.treeBytes(),
                Unit.BYTES,
                () -> RawCrypto.digest(sizes.treeBytes(), BUFFER, CORES)));
  }

  private Comparison verify(
      String name,
      Integrity integrity,
      Requirement requirement,
      Function<TreeWork, Step> reference) {
    return new Comparison(
        "verify, " + name,
        "verify an authenticated tree of 1 GiB, " + name,
        Manner.LONG,
        List.of(requirement),
        scratch -> {
          Path tree = scratch.path("tree");
          TreeWork.make(tree, sizes.treeBytes());
          var work = new TreeWork(tree);
          work.authenticate(integrity);
          return List.of(
              reference.apply(work), Step.of(VERIFY, sizes.treeBytes(), Unit.BYTES, work::verify));
        });
  }

  private Comparison seal() {
    String tar = "tar cf";
    String seal = "fspf seal --encrypt";
    return new Comparison(
        "seal",
        "seal " + sizes.realTree() + ", encrypted, start of Java excluded",
        Manner.LONG,
        List.of(Requirement.of(1, tar, seal)),
        scratch -> {
          if (!Files.isDirectory(sizes.realTree())) {
            return List.of();
          }
          var work = new TreeWork(sizes.realTree());
          long bytes = work.bytes();
          Path archive = scratch.path("archive");
          Path volume = scratch.path("volume");
          Step.Action clear =
              () -> {
                Files.deleteIfExists(archive);
                Directories.remove(volume);
              };
          return List.of(
              new Step(tar, bytes, Unit.BYTES, clear, () -> work.tar(archive)),
              new Step(seal, bytes, Unit.BYTES, clear, () -> work.encrypt(volume)),
              new Step(
                  "tar cf, then fsync",
                  bytes,
                  Unit.BYTES,
                  clear,
                  () -> {
                    work.tar(archive);
                    TreeWork.sync(archive);
                  }));
        });
  }

  private Comparison authenticatedRead() {
    return new Comparison(
        "GMAC read",
        "authenticated, GMAC, sequential read",
        Manner.USUAL,
        List.of(Requirement.of(0.95, DEFAULT, Kind.GMAC.title())),
        scratch -> sequentialReads(scratch, Kind.DEFAULT, Kind.GMAC, Kind.SHA256));
  }

  private Comparison open() {
    String few = files(sizes.fewFiles());
    String many = files(sizes.manyFiles());
    return new Comparison(
        "open",
        "open a volume of " + many + " and read one",
        Manner.USUAL,
        List.of(new Requirement("at most 2 × the time for " + few, 0.5, List.of(few), many)),
        scratch -> {
          List<Step> steps = new ArrayList<>();
          for (int files : List.of(sizes.fewFiles(), sizes.manyFiles())) {
            var work = new OpenWork(scratch.path("volume" + files), files);
            work.makeVolume();
            steps.add(
                Step.of(
                    files(files),
                    sizes.opens(),
                    Unit.OPERATIONS,
                    () -> {
                      for (int i = 0; i < sizes.opens(); i++) {
                        work.open();
                      }
                    }));
          }
          return steps;
        });
  }

  private static String files(int count) {
    return String.format("%,d files", count);
  }
}
