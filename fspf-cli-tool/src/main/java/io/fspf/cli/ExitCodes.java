package io.fspf.cli;

import io.fspf.FreshnessException;
import io.fspf.IntegrityException;
import io.fspf.VolumeKeyException;
import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import picocli.CommandLine.ParameterException;

/** The exit codes of every command. */
final class ExitCodes {
  /** Done. */
  static final int OK = 0;

  /** {@code diff} found differences. */
  static final int DIFFERENT = 1;

  /** Wrong use. */
  static final int USAGE = 2;

  /** Integrity or freshness is violated. */
  static final int VIOLATED = 3;

  /** The key is missing or wrong. */
  static final int KEY = 4;

  /** Trouble of the host: not found, no space, no permission, in use. */
  static final int IO = 5;

  /** A bug in fspf. */
  static final int BUG = 70;

  private ExitCodes() {}

  /** The exit code that tells of {@code failure}. */
  static int of(Throwable failure) {
    if (failure instanceof ParameterException) {
      return USAGE;
    } else if (failure instanceof IntegrityException || failure instanceof FreshnessException) {
      return VIOLATED;
    } else if (failure instanceof VolumeKeyException) {
      return KEY;
    } else if (failure instanceof IOException || failure instanceof ReadOnlyFileSystemException) {
      return IO;
    } else {
      return BUG;
    }
  }
}
