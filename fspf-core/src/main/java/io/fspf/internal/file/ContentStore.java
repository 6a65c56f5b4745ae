package io.fspf.internal.file;

import io.fspf.internal.host.HostFile;
import java.io.IOException;

/**
 * Where the host keeps the stored chunks of one file.
 *
 * <p>Thread-safe.
 */
public interface ContentStore {
  /**
   * Opens the host file that the last commit refers to, for writing where the region is encrypted
   * and may be written.
   */
  HostFile open(FileIdentity identity) throws IOException;

  /**
   * Makes the host file that the next commit will refer to: a new object, or a staged copy of a
   * plain file. It is empty; whatever was left there under its name goes.
   */
  HostFile create(FileIdentity identity) throws IOException;

  /**
   * The commit of this epoch, or a later one, will no longer refer to the file's object, or never
   * refer to the staged copy.
   */
  void discard(FileIdentity identity);
}
