package io.fspf.internal.volume;

import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import io.fspf.VolumeKeyException;
import io.fspf.VolumePath;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.tree.CommitHistory;
import io.fspf.internal.tree.CommitInfo;
import io.fspf.internal.tree.HeadChoice;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.TreeOptions;
import io.fspf.internal.tree.VolumeHeader;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the newest state of a volume from all others, and makes each new one known: the tag store
 * protocol.
 *
 * <p>A commit is durable first, then the store moves from the tag that it holds to the new one in
 * one step, and only then is the commit acknowledged. A crash between the two leaves a head that is
 * a descendant of the stored tag; in a volume with a key only a key holder can have written it, so
 * on opening it is published and then served.
 *
 * <p>For one writer; not thread-safe.
 */
final class FreshnessGuard {
  private final Freshness freshness;
  private final String volume;
  private @Nullable RootTag published;

  /** Sent to the store, which failed: it may have it or not. */
  private @Nullable RootTag doubtful;

  /**
   * The guard of one volume.
   *
   * @param volumeId in hex, its name where none was chosen
   */
  FreshnessGuard(Freshness freshness, String volumeId) {
    this.freshness = freshness;
    this.volume =
        freshness instanceof Freshness.Stored stored ? stored.name().orElse(volumeId) : volumeId;
  }

  /**
   * Opens the file at the pinned or remembered commit if it is the last one, else at the last one.
   * Without a key, what follows the remembered commit is not known to be the volume's: then it is
   * passed over.
   *
   * @throws FreshnessException if the last commit is not the pinned one
   */
  MetadataLog open(
      HostFile file, VolumeHeader header, @Nullable MetadataKeys keys, TreeOptions options)
      throws IOException {
    if (freshness instanceof Freshness.Pinned pinned) {
      return MetadataLog.open(file, keys, HeadChoice.pinned(pinned.tag()), options);
    }
    Optional<RootTag> remembered = remembered();
    if (remembered.isPresent()) {
      RootTag tag = remembered.get();
      try {
        // A remembered commit whose nodes are damaged is found this way: damage, not a rollback.
        return MetadataLog.open(file, keys, HeadChoice.pinned(tag), options);
      } catch (FreshnessException e) {
        // An older state, or a newer one that a crash kept from being published: to be told apart.
      }
      if (!header.isSealed() && !acceptsAny()) {
        try {
          return MetadataLog.open(file, keys, HeadChoice.overtaken(tag), options);
        } catch (IntegrityException e) {
          // It is not in the file.
        }
      }
    }
    return MetadataLog.open(file, keys, HeadChoice.last(), options);
  }

  /**
   * Tells a file that is not the pinned one from one to which the key does not belong: the root tag
   * covers the header, and needs no key.
   *
   * @throws FreshnessException if another state than this file's is pinned
   */
  void refuseUnlessPinned(HostFile file, VolumeKeyException wrongKey) throws IOException {
    if (freshness instanceof Freshness.Pinned pinned) {
      RootTag found = MetadataLog.tagOf(file);
      if (!found.equals(pinned.tag())) {
        var refusal =
            new FreshnessException(
                "The volume is not in the expected state: root tag "
                    + pinned.tag()
                    + " expected, "
                    + found
                    + " found, of a file to which the key does not belong");
        refusal.addSuppressed(wrongKey);
        throw refusal;
      }
    }
  }

  /** The commit that the store knows as the volume's newest, if there is a store that knows one. */
  Optional<RootTag> remembered() throws IOException {
    return freshness instanceof Freshness.Stored stored
        ? stored.store().load(volume).map(TagState::tag)
        : Optional.empty();
  }

  private boolean acceptsAny() {
    return freshness instanceof Freshness.Stored stored
        && stored.policy() == TagPolicy.NO_ROLLBACK_PROTECTION;
  }

  /**
   * Checks the head of a volume that is being opened.
   *
   * @param home the directory that holds the file
   * @param writable whether the file may be changed
   * @throws FreshnessException if it is neither the remembered state nor, with a key, a descendant
   *     of it
   */
  void admit(MetadataLog log, HostDirectory home, boolean writable) throws IOException {
    CommitInfo head = log.head();
    if (writable && head.isFirstOfFile()) {
      // The file may have replaced another one just before a process ended, and a crash would bring
      // that back, without what is committed here from now on.
      home.syncDirectory(VolumePath.ROOT);
    }
    if (!(freshness instanceof Freshness.Stored stored)) {
      return;
    }
    Optional<TagState> remembered = stored.store().load(volume);
    if (stored.policy() == TagPolicy.EPHEMERAL) {
      throw new FreshnessException(
          "The volume is of an earlier use; the policy EPHEMERAL wants one that was made anew");
    }
    if (remembered.isEmpty()) {
      secureHead(log, home, writable);
      move(stored.store(), null, head);
      return;
    }
    published = remembered.get().tag();
    if (published.equals(head.tag())) {
      return;
    }
    boolean descends = log.header().isSealed() && descends(log, head, published);
    if (!descends && !acceptsAny()) {
      throw new FreshnessException(
          "The volume is not the state that the tag store remembers, nor one that follows from it: "
              + published
              + " expected, "
              + head.tag()
              + " found");
    }
    // Durable before it is known, known before it is served.
    secureHead(log, home, writable);
    move(stored.store(), published, head);
  }

  private static void secureHead(MetadataLog log, HostDirectory home, boolean writable)
      throws IOException {
    if (writable) {
      log.secureHead();
    } else {
      log.syncHead();
      if (log.head().isFirstOfFile()) {
        home.syncDirectory(VolumePath.ROOT);
      }
    }
  }

  private static boolean descends(MetadataLog log, CommitInfo head, RootTag ancestor)
      throws IOException {
    CommitHistory history = log.history();
    CommitInfo at = head;
    while (at != null) {
      if (ancestor.equals(at.previousTag())) {
        return true;
      }
      at = history.before(at);
    }
    return false;
  }

  /**
   * Registers the first commit of a new volume.
   *
   * @throws FreshnessException if the store knows one already that it must not replace
   */
  void register(CommitInfo first) throws IOException {
    if (!(freshness instanceof Freshness.Stored stored)) {
      return;
    }
    Optional<TagState> remembered = stored.store().load(volume);
    if (remembered.isPresent() && stored.policy() == TagPolicy.ROLLBACK_PROTECTED) {
      throw new FreshnessException(
          "The tag store remembers a volume of this name: a new one in its place is a rollback");
    }
    move(stored.store(), remembered.map(TagState::tag).orElse(null), first);
  }

  /** Makes a durable commit known. */
  void publish(CommitInfo commit) throws IOException {
    if (freshness instanceof Freshness.Stored stored) {
      move(stored.store(), published, commit);
    }
  }

  private void move(TagStore store, @Nullable RootTag from, CommitInfo to) throws IOException {
    RootTag expected = doubtful == null ? from : resolved(store, from, doubtful);
    if (to.tag().equals(expected)) {
      published = expected;
      return;
    }
    doubtful = to.tag();
    boolean moved = store.compareAndSet(volume, expected, new TagState(to.tag(), to.generation()));
    doubtful = null;
    if (!moved) {
      throw new FreshnessException(
          "The tag store has moved on from "
              + (expected == null ? "nothing" : expected)
              + ": the volume was changed elsewhere");
    }
    published = to.tag();
  }

  /** What the store holds after a publication whose outcome is not known. */
  private @Nullable RootTag resolved(TagStore store, @Nullable RootTag from, RootTag sent)
      throws IOException {
    boolean arrived = store.load(volume).map(TagState::tag).filter(sent::equals).isPresent();
    doubtful = null;
    published = arrived ? sent : from;
    return published;
  }
}
