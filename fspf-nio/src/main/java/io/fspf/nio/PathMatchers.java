package io.fspf.nio;

import java.nio.file.PathMatcher;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Matchers of paths by {@code glob:} and {@code regex:} patterns, as the JDK's on Unix. */
final class PathMatchers {
  private static final String REGEX_META = ".^$+{[]|()";
  private static final String GLOB_META = "\\*?[{";

  private PathMatchers() {}

  static PathMatcher of(String syntaxAndPattern) {
    int colon = syntaxAndPattern.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("No syntax before ':' in " + syntaxAndPattern);
    }
    String syntax = syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT);
    String given = syntaxAndPattern.substring(colon + 1);
    Pattern pattern =
        switch (syntax) {
          case "glob" -> Pattern.compile(new Glob(given).toRegex());
          case "regex" -> Pattern.compile(given);
          default -> throw new UnsupportedOperationException("Syntax '" + syntax + "' not known");
        };
    return path -> pattern.matcher(path.toString()).matches();
  }

  /** Turns one glob into a regular expression. For one use. */
  private static final class Glob {
    private final String glob;
    private final StringBuilder regex = new StringBuilder("^");
    private int next;
    private boolean inGroup;

    Glob(String glob) {
      this.glob = glob;
    }

    String toRegex() {
      while (next < glob.length()) {
        char c = glob.charAt(next++);
        switch (c) {
          case '\\' -> {
            if (next == glob.length()) {
              throw failure("No character to escape");
            }
            literal(glob.charAt(next++));
          }
          case '/' -> regex.append('/');
          case '[' -> bracket();
          case '{' -> {
            if (inGroup) {
              throw failure("Cannot nest groups");
            }
            regex.append("(?:(?:");
            inGroup = true;
          }
          case '}' -> closeGroup();
          case ',' -> regex.append(inGroup ? ")|(?:" : ",");
          case '*' -> star();
          case '?' -> regex.append("[^/]");
          default -> literal(c);
        }
      }
      if (inGroup) {
        throw failure("Missing '}'");
      }
      return regex.append('$').toString();
    }

    private void literal(char c) {
      if (REGEX_META.indexOf(c) >= 0 || GLOB_META.indexOf(c) >= 0) {
        regex.append('\\');
      }
      regex.append(c);
    }

    private void closeGroup() {
      if (inGroup) {
        regex.append("))");
        inGroup = false;
      } else {
        regex.append('}');
      }
    }

    private void star() {
      if (peek('*')) {
        next++;
        regex.append(".*");
      } else {
        regex.append("[^/]*");
      }
    }

    private boolean peek(char wanted) {
      return next < glob.length() && glob.charAt(next) == wanted;
    }

    /** A set of characters, which never has the slash in it. */
    private void bracket() {
      regex.append("[[^/]&&[");
      if (peek('^')) {
        regex.append("\\^");
        next++;
      } else {
        if (peek('!')) {
          regex.append('^');
          next++;
        }
        if (peek('-')) {
          regex.append('-');
          next++;
        }
      }
      boolean rangeStarted = false;
      char last = 0;
      boolean closed = false;
      while (next < glob.length()) {
        char c = glob.charAt(next++);
        if (c == ']') {
          closed = true;
          break;
        }
        if (c == '/') {
          throw failure("A slash in a set");
        }
        if (c == '\\' || c == '[' || (c == '&' && peek('&'))) {
          regex.append('\\');
        }
        regex.append(c);
        if (c != '-') {
          rangeStarted = true;
          last = c;
          continue;
        }
        if (!rangeStarted) {
          throw failure("A range without a start");
        }
        if (next == glob.length() || glob.charAt(next) == ']') {
          continue;
        }
        char end = glob.charAt(next++);
        if (end < last) {
          throw failure("A range that ends before it starts");
        }
        regex.append(end);
        rangeStarted = false;
      }
      if (!closed) {
        throw failure("Missing ']'");
      }
      regex.append("]]");
    }

    private PatternSyntaxException failure(String what) {
      return new PatternSyntaxException(what, glob, next - 1);
    }
  }
}
