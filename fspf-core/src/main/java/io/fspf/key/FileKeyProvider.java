package io.fspf.key;

import io.fspf.VolumeKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the key in a file. */
final class FileKeyProvider implements KeyProvider {
  private final Path file;

  FileKeyProvider(Path file) {
    this.file = file;
  }

  @Override
  public VolumeKey unlock(KeyRequest request) throws IOException {
    return KeyFiles.read(file);
  }

  @Override
  public NewKey create(byte[] volumeId) throws IOException {
    if (!Files.exists(file)) {
      try {
        return NewKey.withoutSlots(KeyFiles.create(file));
      } catch (FileAlreadyExistsException e) {
        // Somebody was faster: their key counts.
        return NewKey.withoutSlots(KeyFiles.read(file));
      }
    }
    return NewKey.withoutSlots(KeyFiles.read(file));
  }

  @Override
  public String toString() {
    return "key file " + file;
  }
}
