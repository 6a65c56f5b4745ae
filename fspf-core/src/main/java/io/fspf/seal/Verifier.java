package io.fspf.seal;

import io.fspf.Volume;
import io.fspf.VolumeOptions;
import io.fspf.internal.volume.VolumeCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads and checks every byte of a volume, and goes on behind damage.
 *
 * <p>Checked are every node of the metadata that the commit refers to, every chunk of every file,
 * and the lengths of the host's files; in authenticated regions also the types, modes, link targets
 * and names that the host shows. Files on the host that the volume does not know are noted: they do
 * not exist in it. Regions that are not protected have nothing to be checked.
 *
 * <p>Immutable: each {@code with} method returns a changed copy.
 */
public final class Verifier {
  private static final int MAX_NOTES = 1000;

  /** What is listed; all of it still counts. */
  private static final int MAX_DAMAGE = 100_000;

  private final Path location;
  private final VolumeOptions options;
  private final boolean strict;
  private final SealProgress progress;
  private final int threads;

  private Verifier(
      Path location, VolumeOptions options, boolean strict, SealProgress progress, int threads) {
    this.location = location;
    this.options = options;
    this.strict = strict;
    this.progress = progress;
    this.threads = threads;
  }

  /**
   * A verifier of a volume.
   *
   * @param location as in {@link Volume#open}
   * @param options how it is opened; for reading
   */
  public static Verifier of(Path location, VolumeOptions options) {
    return new Verifier(location, options, false, SealProgress.none(), Crew.allCores());
  }

  /**
   * Whether owners and modification times of authenticated files on the host count as well; images
   * lose them in transport.
   */
  public Verifier withStrict(boolean compareAll) {
    return new Verifier(location, options, compareAll, progress, threads);
  }

  /** Who hears of the progress and may cancel. */
  public Verifier withProgress(SealProgress listener) {
    return new Verifier(location, options, strict, listener, threads);
  }

  /** How many threads work; one per core where nothing is said. */
  public Verifier withThreads(int count) {
    return new Verifier(location, options, strict, progress, Crew.checkedThreads(count));
  }

  /**
   * Checks everything.
   *
   * @return what was found; damage is in it, and is not thrown
   * @throws io.fspf.VolumeKeyException if the key is missing or wrong
   * @throws io.fspf.FreshnessException if the state is not the one that the options call for
   * @throws io.fspf.IntegrityException if the metadata is so damaged that the volume does not open
   * @throws java.util.concurrent.CancellationException if the progress says so
   */
  public VerifyReport verify() throws IOException {
    var findings = new Findings();
    try (Volume volume = Volume.open(location, options);
        var crew = new Crew(threads, progress)) {
      var listener = new Listener(crew, findings);
      VolumeCheck.Counts counts = new VolumeCheck(volume, strict, listener).run();
      return new VerifyReport(
          volume.info(),
          counts.files(),
          counts.directories(),
          counts.symlinks(),
          counts.bytes(),
          findings.sortedDamage(),
          findings.sortedNotes());
    }
  }

  /** What was found so far. Thread-safe. */
  private static final class Findings {
    private final List<Damage> damaged = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long moreNotes;
    private long moreDamage;

    synchronized void add(Damage damage) {
      if (damaged.size() < MAX_DAMAGE) {
        damaged.add(damage);
      } else {
        moreDamage++;
      }
    }

    synchronized void note(String text) {
      if (notes.size() < MAX_NOTES) {
        notes.add(text);
      } else {
        moreNotes++;
      }
    }

    synchronized List<Damage> sortedDamage() {
      damaged.sort(
          Comparator.comparing(Damage::path).thenComparing(damage -> damage.offset().orElse(-1)));
      return damaged;
    }

    synchronized List<String> sortedNotes() {
      notes.sort(Comparator.naturalOrder());
      if (moreNotes > 0) {
        notes.add("and " + moreNotes + " more notes of this kind");
      }
      if (moreDamage > 0) {
        notes.add(moreDamage + " more places are damaged than are listed");
      }
      return notes;
    }
  }

  private static final class Listener implements VolumeCheck.Listener {
    private final Crew crew;
    private final Tasks tasks;
    private final Findings findings;

    Listener(Crew crew, Findings findings) {
      this.crew = crew;
      this.tasks = new Tasks(crew);
      this.findings = findings;
    }

    @Override
    public void damaged(String path, long offset, String reason) {
      findings.add(
          new Damage(path, offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset), reason));
    }

    @Override
    public void note(String text) {
      findings.note(text);
    }

    @Override
    public void advanced(long files, long bytes) {
      crew.checkGoing();
      if (files > 0 || bytes > 0) {
        crew.progress().advanced(files, bytes);
      }
    }

    @Override
    public void run(VolumeCheck.Work work) throws IOException {
      tasks.run(work::run);
    }

    @Override
    public void join() throws IOException {
      tasks.join();
    }
  }
}
