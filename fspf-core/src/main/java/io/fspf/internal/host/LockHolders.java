package io.fspf.internal.host;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Finds out who holds a file's lock, for a message. Linux tells in {@code /proc/locks}. */
final class LockHolders {
  private static final String UNKNOWN = "another process";

  private LockHolders() {}

  /** The holder as far as it is known: for people, nothing is decided by it. */
  static String describe(Path path) {
    try {
      long[] file = NioAttributes.deviceAndInode(path);
      Path locks = Path.of("/proc/locks");
      if (file == null || !Files.isReadable(locks)) {
        return UNKNOWN;
      }
      OptionalLong holder = find(Files.readAllLines(locks), file[0], file[1]);
      return holder.isPresent() ? process(holder.getAsLong()) : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String process(long pid) {
    String command =
        ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().command())
            .map(c -> " (" + c + ")")
            .orElse("");
    return "process " + pid + command;
  }

  /**
   * The process that a line like {@code "1: POSIX ADVISORY WRITE 4366 fe:00:2154501 0 EOF"} names
   * for the file.
   */
  static OptionalLong find(List<String> lines, long device, long inode) {
    String exact = String.format("%02x:%02x:%d", major(device), minor(device), inode);
    OptionalLong byInode = OptionalLong.empty();
    for (String line : lines) {
      List<String> fields = Splitter.on(' ').omitEmptyStrings().splitToList(line);
      // A waiting process stands behind "->" and holds nothing.
      if (fields.size() < 6 || !fields.get(1).equals("POSIX")) {
        continue;
      }
      long pid = number(fields.get(4));
      String file = fields.get(5);
      if (pid <= 0) {
        continue;
      }
      if (file.equals(exact)) {
        return OptionalLong.of(pid);
      }
      // Some file systems (btrfs, overlays) show stat another device than the lock table.
      if (file.endsWith(":" + inode)) {
        byInode = OptionalLong.of(pid);
      }
    }
    return byInode;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  // The encoding of Linux' makedev(3).
  private static long major(long device) {
    return (device >>> 8 & 0xFFF) | (device >>> 32 & ~0xFFFL);
  }

  private static long minor(long device) {
    return (device & 0xFF) | (device >>> 12 & ~0xFFL & 0xFFFFFFFFL);
  }
}
