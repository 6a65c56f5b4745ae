package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import io.fspf.VolumePath;
import io.fspf.internal.file.FileContent;
import io.fspf.internal.format.Inode;
import io.fspf.internal.tree.Tree;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks the content of files against their records, large ones in pieces.
 *
 * <p>Thread-safe; hands pieces on to the listener's threads.
 */
final class FileCheck {
  /** Large files are checked in pieces of so many groups of chunks. */
  private static final long PIECE = 16;

  private static final int MAX_DAMAGE_PER_FILE = 1000;

  private final LiveVolume.Parts parts;
  private final Tree tree;
  private final VolumeCheck.Listener listener;
  private final Findings findings;
  private final boolean openForWriting;

  /**
   * For one volume.
   *
   * @param openForWriting whether a writer that did not finish may have left bytes behind the
   *     committed ones
   */
  FileCheck(
      LiveVolume.Parts parts,
      Tree tree,
      VolumeCheck.Listener listener,
      Findings findings,
      boolean openForWriting) {
    this.parts = parts;
    this.tree = tree;
    this.listener = listener;
    this.findings = findings;
    this.openForWriting = openForWriting;
  }

  /**
   * Checks one file.
   *
   * @param path where violations are told of
   * @param counted whether its bytes count, which they do under one of its names
   */
  void check(MountedRegion region, VolumePath path, long number, Inode inode, boolean counted)
      throws IOException {
    var report = new FileReport(findings, path, inode.getChunkSize());
    guarded(
        report,
        () -> {
          var content =
              new FileContent(
                  number,
                  path.toString(),
                  region.region(),
                  region.id(),
                  Records.content(inode, region),
                  new TreeGroups(() -> tree, number),
                  parts
                      .stores()
                      .storeOf(
                          region, region.isAuthenticated() ? path.relativize(region.path()) : null),
                  parts.services(),
                  () -> 0);
          check(content, report, counted);
        });
  }

  /** What cannot be read was not verified, whyever. */
  private static void guarded(FileReport report, VolumeCheck.Work work) throws IOException {
    try {
      work.run();
    } catch (IntegrityException e) {
      report.damaged(e.offset().orElse(-1), e.reason());
    } catch (IOException e) {
      report.damaged(-1, "it cannot be read: " + Findings.reason(e));
    }
  }

  private void check(FileContent content, FileReport report, boolean counted) throws IOException {
    long groups = content.groupCount();
    var pieces = new AtomicInteger(1);
    try {
      boolean there = content.verifyHostFile(openForWriting, report::damaged);
      long done = 0;
      int lost = 0;
      for (long from = 0; there && from < groups; from = done) {
        long next = from;
        try {
          // Holes, however large, take no time.
          next = content.nextCommittedGroup(from);
        } catch (IntegrityException e) {
          lost++; // The piece says so, and the ones behind it may be sound.
        }
        if (next < 0 || next >= groups) {
          break;
        }
        long first = next;
        long end = lost > MAX_DAMAGE_PER_FILE ? groups : first + Math.min(PIECE, groups - first);
        advance(content, done, first, counted);
        pieces.incrementAndGet();
        VolumeCheck.Work piece = () -> checkPiece(content, first, end, report, counted, pieces);
        if (end == groups) {
          piece.run();
        } else {
          listener.run(piece);
        }
        done = end;
      }
      if (groups == 0) {
        listener.advanced(0, counted ? content.size() : 0);
      } else if (there) {
        advance(content, done, groups, counted);
        checkBehind(content, groups, report);
      }
    } finally {
      closeLast(content, pieces);
    }
  }

  private void advance(FileContent content, long from, long to, boolean counted) {
    listener.advanced(0, counted ? content.groupStart(to) - content.groupStart(from) : 0);
  }

  private static void checkBehind(FileContent content, long groups, FileReport report)
      throws IOException {
    if (content.nextCommittedGroup(groups) >= 0) {
      report.damaged(content.size(), "a chunk lies behind the end of the file");
    }
  }

  private void checkPiece(
      FileContent content,
      long from,
      long end,
      FileReport report,
      boolean counted,
      AtomicInteger pieces)
      throws IOException {
    try {
      guarded(
          report,
          () ->
              content.verify(
                  from, end, report::damaged, done -> listener.advanced(0, counted ? done : 0)));
    } finally {
      closeLast(content, pieces);
    }
  }

  private static void closeLast(FileContent content, AtomicInteger pieces) throws IOException {
    if (pieces.decrementAndGet() == 0) {
      content.close();
    }
  }

  /** What is wrong with one file: one entry for a chunk. */
  private static final class FileReport {
    private final Findings findings;
    private final VolumePath path;
    private final int chunkSize;
    private final Set<Long> chunks = new HashSet<>();

    FileReport(Findings findings, VolumePath path, int chunkSize) {
      this.findings = findings;
      this.path = path;
      this.chunkSize = chunkSize;
    }

    synchronized void damaged(long offset, String reason) {
      long chunk = chunkSize == 0 || offset < 0 ? -1 : offset / chunkSize;
      if (chunks.size() == MAX_DAMAGE_PER_FILE && !chunks.contains(chunk)) {
        findings.note(path + " is damaged in more places than the " + chunks.size() + " listed");
      }
      if (chunks.size() <= MAX_DAMAGE_PER_FILE && chunks.add(chunk)) {
        if (chunks.size() <= MAX_DAMAGE_PER_FILE) {
          findings.damaged(path, offset, reason);
        }
      }
    }
  }
}
