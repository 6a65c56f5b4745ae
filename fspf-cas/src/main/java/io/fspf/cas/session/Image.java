package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.tag.TagPolicy;
import java.util.Optional;

/**
 * Where volumes stand in an image.
 *
 * @param name of the image
 * @param imported the session whose image of the same name this one takes over
 * @param measurements what programs in it may be measured as; empty if nothing is said
 * @param tags its versions; none if nothing is said
 * @param volumes what is mounted
 */
public record Image(
    String name,
    Optional<Reference> imported,
    Optional<ImmutableSet<HashCode>> measurements,
    ImmutableSet<String> tags,
    ImmutableList<Mount> volumes) {

  /**
   * A place for a volume.
   *
   * @param volume the volume's name in the session of the service
   * @param path where it stands
   * @param policy how old states are treated; the volume's own policy if nothing is said
   */
  public record Mount(String volume, String path, Optional<TagPolicy> policy) {}
}
