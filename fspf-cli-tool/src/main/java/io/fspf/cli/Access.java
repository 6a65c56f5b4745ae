package io.fspf.cli;

import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import io.fspf.tag.TagPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Turns the options of a command on a volume into the library's. */
record Access(
    CommonOptions common, KeyOptions keys, FreshnessOptions tags, HostRootOption hostRoot) {

  /** For reading; says so where nothing tells an old state from the newest. */
  VolumeOptions reading(Terminal terminal) throws IOException {
    return options(terminal, freshness(terminal).orElseGet(() -> unchecked(terminal)));
  }

  /** What the options or the environment say about freshness. */
  Optional<Freshness> freshness(Terminal terminal) throws IOException {
    Optional<Freshness> stored = tags.stored();
    return stored.isPresent() ? stored : tags.pinned(terminal).map(Freshness::pinned);
  }

  /**
   * For changing. A tag that was named is that of the state to begin with; in a volume with a key
   * it may also be one before it.
   */
  VolumeOptions changing(Terminal terminal) throws IOException {
    Optional<Freshness> stored = tags.stored();
    Freshness freshness =
        stored.isPresent()
            ? stored.get()
            : tags.pinned(terminal).map(Access::following).orElseGet(() -> unchecked(terminal));
    return options(terminal, freshness).writable();
  }

  /** A tag that the volume is to have when it is opened, and may move on from. */
  static Freshness following(RootTag tag) {
    return Freshness.store(new NamedTag(tag), TagPolicy.ROLLBACK_PROTECTED);
  }

  /** With the key and the host's root. */
  VolumeOptions options(Terminal terminal, Freshness freshness) {
    VolumeOptions options = atHostRoot(VolumeOptions.of(freshness));
    Optional<KeyProvider> provider = keys.provider(terminal, common);
    return provider.isPresent() ? options.withKeys(provider.get()) : options;
  }

  /** With the host's root. */
  VolumeOptions atHostRoot(VolumeOptions options) {
    Optional<Path> root = hostRoot.directory();
    return root.isPresent() ? options.withHostRoot(root.get()) : options;
  }

  private Freshness unchecked(Terminal terminal) {
    terminal.warn(
        common,
        "freshness is not checked: an older state of the volume would not be noticed; name a tag"
            + " (--tag-file) or a store (--tag-store)");
    return Freshness.unchecked();
  }
}
