package io.fspf.nio.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.List;

/** Locks of files. */
final class LockChecks {
  private LockChecks() {}

  private static FileChannel open(Path dir) throws java.io.IOException {
    return FileChannel.open(dir.resolve("f"), READ, WRITE, CREATE);
  }

  static List<Check> all() {
    return new Checks("lock")
        .add(
            "a lock is held until it is released",
            dir -> {
              try (FileChannel channel = open(dir)) {
                FileLock lock = channel.lock();
                assertThat(lock.isValid()).isTrue();
                assertThat(lock.isShared()).isFalse();
                assertThat(lock.acquiredBy()).isSameAs(channel);
                lock.release();
                lock.release();
                assertThat(lock.isValid()).isFalse();
                channel.lock().close();
              }
            })
        .add(
            "an overlapping lock is refused",
            dir -> {
              try (FileChannel channel = open(dir)) {
                FileLock lock = channel.lock(10, 10, false);
                assertThatThrownBy(() -> channel.lock(15, 10, false))
                    .isInstanceOf(OverlappingFileLockException.class);
                assertThatThrownBy(() -> channel.tryLock(0, 11, true))
                    .isInstanceOf(OverlappingFileLockException.class);
                channel.lock(0, 10, false).release();
                channel.lock(20, 10, true).release();
                assertThat(lock.overlaps(19, 1)).isTrue();
              }
            })
        .add(
            "it is refused on another channel of the file as well",
            dir -> {
              try (FileChannel one = open(dir);
                  FileChannel two = open(dir)) {
                FileLock lock = one.lock();
                assertThatThrownBy(two::tryLock).isInstanceOf(OverlappingFileLockException.class);
                lock.release();
                assertThat(two.tryLock()).isNotNull();
              }
            })
        .add(
            "closing the channel releases its locks",
            dir -> {
              FileChannel one = open(dir);
              FileLock lock = one.lock();
              one.close();
              assertThat(lock.isValid()).isFalse();
              assertThatThrownBy(lock::release).isInstanceOf(ClosedChannelException.class);
              try (FileChannel two = open(dir)) {
                two.lock().release();
              }
            })
        .add(
            "locks need channels that can hold them",
            dir -> {
              open(dir).close();
              try (FileChannel channel = FileChannel.open(dir.resolve("f"), READ)) {
                assertThatThrownBy(channel::lock).isInstanceOf(NonWritableChannelException.class);
                channel.lock(0, 1, true).release();
              }
              try (FileChannel channel = FileChannel.open(dir.resolve("f"), WRITE)) {
                assertThatThrownBy(() -> channel.lock(0, 1, true))
                    .isInstanceOf(NonReadableChannelException.class);
                channel.lock(0, 1, false).release();
              }
            })
        .add(
            "locks of two files are independent",
            dir -> {
              try (FileChannel one = open(dir);
                  FileChannel two = FileChannel.open(dir.resolve("g"), WRITE, CREATE)) {
                one.lock();
                assertThat(two.tryLock()).isNotNull();
              }
            })
        .list();
  }
}
