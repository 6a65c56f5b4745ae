package io.fspf.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;

/** Stores. */
final class StoreChecks {
  private StoreChecks() {}

  static List<Check> all() {
    return new Checks("store")
        .add(
            "a store tells its room",
            dir -> {
              FileStore store = Files.getFileStore(dir);
              assertThat(store.getTotalSpace()).isPositive();
              assertThat(store.getUsableSpace()).isBetween(0L, store.getTotalSpace());
              assertThat(store.getUnallocatedSpace()).isBetween(0L, store.getTotalSpace());
              assertThat(store.getAttribute("totalSpace")).isEqualTo(store.getTotalSpace());
            })
        .add(
            "a store tells its block size",
            dir -> assertThat(Files.getFileStore(dir).getBlockSize()).isPositive())
        .add(
            "a store tells its name, type and views",
            dir -> {
              FileStore store = Files.getFileStore(dir);
              assertThat(store.name()).isNotEmpty();
              assertThat(store.type()).isNotEmpty();
              assertThat(store.isReadOnly()).isFalse();
              assertThat(store.supportsFileAttributeView(BasicFileAttributeView.class)).isTrue();
              assertThat(store.supportsFileAttributeView(PosixFileAttributeView.class)).isTrue();
              assertThat(store.supportsFileAttributeView("basic")).isTrue();
              assertThat(store.supportsFileAttributeView("nonsense")).isFalse();
              assertThatThrownBy(() -> store.getAttribute("nonsense"))
                  .isInstanceOf(UnsupportedOperationException.class);
            })
        .add(
            "files of one directory have equal stores",
            dir ->
                assertThat(Files.getFileStore(Checks.file(dir, "f", "x")))
                    .isEqualTo(Files.getFileStore(dir)))
        .add(
            "a missing file has no store",
            dir ->
                assertThatThrownBy(() -> Files.getFileStore(dir.resolve("none")))
                    .isInstanceOf(NoSuchFileException.class))
        .add(
            "the file system lists stores",
            dir -> assertThat(dir.getFileSystem().getFileStores()).isNotEmpty())
        .list();
  }
}
