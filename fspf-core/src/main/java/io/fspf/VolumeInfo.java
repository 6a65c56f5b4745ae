package io.fspf;

import java.time.Instant;

/**
 * One commit of a volume, in numbers.
 *
 * @param volumeId the volume's random id, 32 hex digits
 * @param tag the root tag
 * @param generation 1 for the first commit, then one more each time
 * @param time when it was made, by the writer's clock
 * @param keyed whether the metadata is sealed under a volume key
 * @param files the number of regular files
 * @param directories the number of directories
 * @param symlinks the number of symbolic links
 * @param bytes the sum of the sizes of the regular files
 * @param metadataBytes the length of the fspf file
 * @param liveMetadataBytes how much of that this commit needs
 */
public record VolumeInfo(
    String volumeId,
    RootTag tag,
    long generation,
    Instant time,
    boolean keyed,
    long files,
    long directories,
    long symlinks,
    long bytes,
    long metadataBytes,
    long liveMetadataBytes) {}
