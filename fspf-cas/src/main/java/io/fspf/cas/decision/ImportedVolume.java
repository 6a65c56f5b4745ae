package io.fspf.cas.decision;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.session.AttestationPolicy;
import io.fspf.tag.TagPolicy;
import java.util.Optional;

/**
 * A volume of a session in another service, as that service lets a session here use it.
 *
 * @param key its key
 * @param tag its state when it was exported, from which it may move on here
 * @param policy how old states are treated
 * @param measurements which programs may get it
 * @param attestation which evidence the volume's own session accepts
 * @param sessionHash the one version of the importing session that may, if only one may
 */
public record ImportedVolume(
    VolumeKey key,
    Optional<RootTag> tag,
    TagPolicy policy,
    ImmutableSet<HashCode> measurements,
    AttestationPolicy attestation,
    Optional<HashCode> sessionHash) {

  /** Without the key. */
  @Override
  public String toString() {
    return "ImportedVolume[" + tag + ", " + policy + "]";
  }
}
