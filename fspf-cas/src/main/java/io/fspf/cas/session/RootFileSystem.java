package io.fspf.cas.session;

import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.tag.TagPolicy;
import java.util.Optional;

/**
 * The volume that an image's own file system is.
 *
 * @param path of the fspf file in the image
 * @param key its key, if it has one
 * @param tag the state that is expected
 * @param policy how old states are treated; the file system never changes if nothing is said
 */
public record RootFileSystem(
    String path, Optional<VolumeKey> key, Optional<RootTag> tag, Optional<TagPolicy> policy) {}
