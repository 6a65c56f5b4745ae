package io.fspf.seal;

import io.fspf.VolumePath;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A glob over paths of names that may be any bytes, in the syntax of {@link
 * java.nio.file.FileSystem#getPathMatcher}, which itself can take only what the locale can show.
 */
final class Glob {
  private final Pattern pattern;

  private Glob(Pattern pattern) {
    this.pattern = pattern;
  }

  static Glob of(String glob) {
    try {
      return new Glob(Pattern.compile(new Translation(glob).toRegex(), Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("Malformed glob '" + glob + "': " + e.getDescription(), e);
    }
  }

  /** Whether the path without its leading slash matches. */
  boolean matches(VolumePath path) {
    return pattern.matcher(path.toString().substring(1)).matches();
  }

  private static final class Translation {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private boolean inGroup;
    private int at;

    Translation(String glob) {
      this.glob = glob;
    }

    String toRegex() {
      while (at < glob.length()) {
        translate(glob.charAt(at++));
      }
      if (inGroup) {
        throw malformed("a '{' is not closed");
      }
      return regex.toString();
    }

    private void translate(char c) {
      switch (c) {
        case '*' -> {
          boolean across = at < glob.length() && glob.charAt(at) == '*';
          at += across ? 1 : 0;
          regex.append(across ? ".*" : "[^/]*");
        }
        case '?' -> regex.append("[^/]");
        case '[' -> bracket();
        case '{' -> {
          if (inGroup) {
            throw malformed("groups cannot be nested");
          }
          inGroup = true;
          regex.append("(?:(?:");
        }
        case '}' -> {
          regex.append(inGroup ? "))" : "\\}");
          inGroup = false;
        }
        case ',' -> regex.append(inGroup ? ")|(?:" : ",");
        case '\\' -> {
          if (at == glob.length()) {
            throw malformed("nothing stands behind the last backslash");
          }
          literal(glob.charAt(at++));
        }
        default -> literal(c);
      }
    }

    private void literal(char c) {
      // Both halves of a pair stand for one character.
      boolean special = c < 128 && !Character.isLetterOrDigit(c);
      regex.append(special ? "\\" : "").append(c);
    }

    private void bracket() {
      regex.append("(?!/)[");
      if (at < glob.length() && glob.charAt(at) == '!') {
        regex.append('^');
        at++;
      }
      boolean first = true;
      while (at < glob.length() && (first || glob.charAt(at) != ']')) {
        char c = glob.charAt(at++);
        if (c == '/') {
          throw malformed("a slash stands in brackets");
        }
        boolean range = c == '-' && !first && at < glob.length() && glob.charAt(at) != ']';
        regex.append(range || c >= 128 || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        first = false;
      }
      if (at == glob.length()) {
        throw malformed("a '[' is not closed");
      }
      at++;
      regex.append(']');
    }

    private PatternSyntaxException malformed(String why) {
      return new PatternSyntaxException(why, glob, at);
    }
  }
}
