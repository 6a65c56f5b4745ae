package io.fspf.internal.volume;

import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.file.ContentLimits;
import io.fspf.internal.host.Host;
import io.fspf.internal.host.NioHost;
import java.time.Clock;
import java.time.InstantSource;

/**
 * What a volume stands on; tests put other parts in.
 *
 * @param host the untrusted machine
 * @param crypto engines, randomness
 * @param clock of times in records and commits
 * @param limits of contents
 */
public record VolumeEnvironment(
    Host host, CryptoContext crypto, InstantSource clock, ContentLimits limits) {

  /** The real host and clock, the engine at hand. */
  public static VolumeEnvironment standard() {
    return new VolumeEnvironment(
        NioHost.DEFAULT, CryptoContext.standard(), Clock.systemUTC(), ContentLimits.STANDARD);
  }

  /** The same on another host. */
  public VolumeEnvironment withHost(Host other) {
    return new VolumeEnvironment(other, crypto, clock, limits);
  }
}
