package io.fspf.nio.testkit;

import java.nio.file.Path;

/**
 * One thing that a program may expect of a file system.
 *
 * @param area what it is about, in a word or two
 * @param name what is expected
 * @param body throws if it is not so
 */
public record Check(String area, String name, Body body) {
  /** Tries it. */
  @FunctionalInterface
  public interface Body {
    /**
     * Tries it.
     *
     * @param dir a fresh empty directory of the file system
     */
    void run(Path dir) throws Exception;
  }
}
