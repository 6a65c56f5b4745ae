package io.fspf.internal.volume;

import io.fspf.VolumeOptions;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.host.HostLock;
import io.fspf.internal.tree.MetadataLog;
import org.jspecify.annotations.Nullable;

/**
 * What opening a volume brought together; whoever takes it over closes it.
 *
 * @param environment host, crypto, clock
 * @param location where it lies
 * @param log the fspf file at its head
 * @param regions of the head
 * @param services for contents
 * @param guard the tag store's side
 * @param lock among honest processes
 * @param keys of the metadata, or null
 */
record OpenedVolume(
    VolumeEnvironment environment,
    VolumeLocation location,
    VolumeOptions options,
    MetadataLog log,
    RegionTable regions,
    ContentServices services,
    FreshnessGuard guard,
    HostLock lock,
    @Nullable MetadataKeys keys) {}
