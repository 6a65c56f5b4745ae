package io.fspf.bench.work;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories of the host that live for one measurement. */
public final class Directories {
  private Directories() {}

  /** Removes a directory and all that is in it, if it is there. */
  public static void remove(Path directory) throws IOException {
    if (Files.exists(directory)) {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
