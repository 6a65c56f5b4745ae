package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.tag.TagPolicy;
import java.util.Optional;

/**
 * A volume. One with neither key nor tag nor import is made by the first program that gets it, with
 * a key that the service draws and nobody else ever sees.
 *
 * @param name in its session
 * @param key its key
 * @param tag the state that is expected
 * @param exports which sessions may import it
 * @param imported the session that it is imported from
 * @param policy how old states are treated
 * @param files what is written into it when it is made, by absolute path
 */
public record SessionVolume(
    String name,
    Optional<VolumeKey> key,
    Optional<RootTag> tag,
    ImmutableList<ExportTarget> exports,
    Optional<Reference> imported,
    TagPolicy policy,
    ImmutableMap<String, String> files) {

  /** Whether the service draws its key. */
  public boolean isInitialised() {
    return key.isEmpty() && tag.isEmpty() && imported.isEmpty();
  }

  /** The name alone; the contents of files may be secrets. */
  @Override
  public String toString() {
    return "SessionVolume[" + name + "]";
  }
}
