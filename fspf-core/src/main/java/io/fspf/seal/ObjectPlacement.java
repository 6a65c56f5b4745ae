package io.fspf.seal;

import io.fspf.Integrity;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.file.ContentStore;
import io.fspf.internal.file.FileIdentity;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.volume.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Places contents in object files, and knows which ones it made. Thread-safe. */
final class ObjectPlacement implements Placement, ContentStore {
  private final ObjectStore objects;
  private final int region;
  private final ByteArrayOutputStream made = new ByteArrayOutputStream();

  /** For new objects below a region's host directory. */
  ObjectPlacement(HostDirectory host, int region) {
    this.objects = new ObjectStore(host, true, identity -> {});
    this.region = region;
  }

  @Override
  public ContentStore contentOf(VolumePath path) {
    return this;
  }

  @Override
  public HostFile open(FileIdentity identity) throws IOException {
    return objects.open(identity);
  }

  @Override
  public HostFile create(FileIdentity identity) throws IOException {
    HostFile file = objects.create(identity);
    synchronized (made) {
      made.writeBytes(identity.fileId());
    }
    return file;
  }

  @Override
  public void discard(FileIdentity identity) {
    throw new IllegalStateException("New objects are not discarded one by one");
  }

  @Override
  public void sync(Tasks syncs) throws IOException {
    objects.syncNames(directory -> syncs.run(directory::sync));
    syncs.join();
  }

  @Override
  public void undo() throws IOException {
    byte[] ids = made.toByteArray();
    for (int at = 0; at < ids.length; at += FileIdentity.FILE_ID_LENGTH) {
      byte[] id = Arrays.copyOfRange(ids, at, at + FileIdentity.FILE_ID_LENGTH);
      objects.delete(new FileIdentity(region, id, 0, Integrity.GCM, Region.DEFAULT_CHUNK_SIZE));
    }
    objects.removeEmptyDirectories();
  }
}
