package io.fspf.tag;

import java.util.regex.Pattern;

/**
 * The rule for the names of volumes in a store, which are safe in file names, protocols and SQL.
 */
final class TagNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");

  private TagNames() {}

  static String check(String volume) {
    if (!NAME.matcher(volume).matches()) {
      throw new IllegalArgumentException(
          "A volume's name in a tag store is 1 to 128 of A-Z a-z 0-9 . _ @ -, first a letter or"
              + " digit");
    }
    return volume;
  }
}
