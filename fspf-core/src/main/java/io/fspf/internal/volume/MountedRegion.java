package io.fspf.internal.volume;

import io.fspf.Integrity;
import io.fspf.IntegrityException;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Storage;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A region as it takes part in an open volume.
 *
 * @param id its number in the records
 * @param region what the user sees of it
 * @param rootInode its root directory; 0 where it is not protected
 * @param host its host directory; null for an ephemeral region, which no mount has given a place
 *     yet
 */
record MountedRegion(int id, Region region, long rootInode, @Nullable HostDirectory host) {

  boolean isProtected() {
    return region.protection() != Protection.NOT_PROTECTED;
  }

  boolean isAuthenticated() {
    return region.protection() == Protection.AUTHENTICATED;
  }

  VolumePath path() {
    return region.path();
  }

  /** The host directory, of a region that has one. */
  HostDirectory hostDirectory() throws java.io.IOException {
    if (host == null) {
      throw new java.io.IOException(
          "The region " + region.path() + " is ephemeral and is not mounted in this process");
    }
    return host;
  }

  static io.fspf.internal.format.Region encode(int id, Region region, long rootInode) {
    var record =
        io.fspf.internal.format.Region.newBuilder()
            .setId(id)
            .setPath(com.google.protobuf.ByteString.copyFrom(region.path().toBytes()))
            .setProtection(
                switch (region.protection()) {
                  case NOT_PROTECTED -> io.fspf.internal.format.Protection.PROTECTION_NOT_PROTECTED;
                  case AUTHENTICATED -> io.fspf.internal.format.Protection.PROTECTION_AUTHENTICATED;
                  case ENCRYPTED -> io.fspf.internal.format.Protection.PROTECTION_ENCRYPTED;
                })
            .setStorage(
                region.storage() == Storage.KERNEL
                    ? io.fspf.internal.format.Storage.STORAGE_KERNEL
                    : io.fspf.internal.format.Storage.STORAGE_EPHEMERAL)
            .setRootInode(rootInode)
            .setChunkSize(region.chunkSize())
            .setIntegrity(Records.integrity(region.integrity()));
    region
        .hostDirectory()
        .ifPresent(
            host ->
                record.setHostDirectory(
                    com.google.protobuf.ByteString.copyFrom(Name.encode(host))));
    return record.build();
  }

  static Region decode(io.fspf.internal.format.Region record) throws IntegrityException {
    Protection protection =
        switch (record.getProtection()) {
          case PROTECTION_NOT_PROTECTED -> Protection.NOT_PROTECTED;
          case PROTECTION_AUTHENTICATED -> Protection.AUTHENTICATED;
          case PROTECTION_ENCRYPTED -> Protection.ENCRYPTED;
          default -> throw malformed(null);
        };
    Storage storage =
        switch (record.getStorage()) {
          case STORAGE_KERNEL -> Storage.KERNEL;
          case STORAGE_EPHEMERAL -> Storage.EPHEMERAL;
          default -> throw malformed(null);
        };
    Integrity integrity = Records.integrity(record.getIntegrity());
    try {
      return new Region(
          VolumePath.ofBytes(record.getPath().toByteArray()),
          protection,
          storage,
          storage == Storage.KERNEL
              ? Optional.of(Name.decode(record.getHostDirectory().toByteArray()))
              : Optional.empty(),
          integrity,
          record.getChunkSize());
    } catch (IllegalArgumentException e) {
      throw malformed(e);
    }
  }

  private static IntegrityException malformed(@Nullable Throwable cause) {
    return cause == null
        ? new IntegrityException(null, -1, "a region record is malformed")
        : new IntegrityException(null, -1, "a region record is malformed", cause);
  }
}
