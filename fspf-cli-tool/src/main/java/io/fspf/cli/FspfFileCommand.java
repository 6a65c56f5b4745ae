package io.fspf.cli;

import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.VolumeKeyException;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import java.io.IOException;
import java.util.Optional;

/**
 * What the commands in SCONE's shape share, which build up an fspf file step by step.
 *
 * <p>They run where the volume is made, on a machine that is trusted at that time. So nothing is
 * checked or warned of that was not asked for, and a key or tag in the environment, which may be
 * that of the volume made before, does not stand in the way of one that has none yet.
 */
abstract class FspfFileCommand extends VolumeCommand {
  /** Something to be done with a volume. */
  @FunctionalInterface
  interface Action<T> {
    T with(VolumeOptions options) throws IOException;
  }

  /** Does something with an existing volume under the key that the options name, if any. */
  final <T> T change(Terminal terminal, Action<T> action) throws IOException {
    Optional<KeyProvider> named = keys().named();
    return named.isPresent()
        ? action.with(options().withKeys(named.get()))
        : changeAsFound(terminal, action);
  }

  /** The same, with the environment's key if the volume has one. */
  final <T> T changeAsFound(Terminal terminal, Action<T> action) throws IOException {
    VolumeOptions options = options();
    try {
      return action.with(options);
    } catch (VolumeKeyException e) {
      Optional<KeyProvider> environment = KeyOptions.ofEnvironment(terminal, common());
      if (environment.isEmpty()) {
        throw e;
      }
      return action.with(options.withKeys(environment.get()));
    }
  }

  private VolumeOptions options() throws IOException {
    return access().atHostRoot(VolumeOptions.of(freshness())).writable();
  }

  private Freshness freshness() throws IOException {
    Optional<Freshness> stored = tags().stored();
    if (stored.isPresent()) {
      return stored.get();
    }
    Optional<RootTag> tag = tags().pinned();
    return tag.isPresent() ? Access.following(tag.get()) : Freshness.unchecked();
  }

  /** What all of them report, and the line that old scripts take apart by its words. */
  static Report report(Object file, RootTag tag, String line) {
    return new Report().member("volume", file.toString()).member("tag", tag.toString()).line(line);
  }
}
