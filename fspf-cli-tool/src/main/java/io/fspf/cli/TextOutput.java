package io.fspf.cli;

import io.fspf.VolumeKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes lines of text to a standard stream.
 *
 * <p>Names of files come from hosts and other people: on a terminal their control characters are
 * shown as {@code '?'}, so that none can move the cursor or rewrite what stands above. Elsewhere
 * they are passed on, and a byte that is not UTF-8 (see {@link io.fspf.Name}) comes out as the same
 * byte.
 *
 * @param stream where the bytes go
 * @param terminal whether a person looks at it
 * @param colour whether escape sequences are welcome
 */
record TextOutput(PrintStream stream, boolean terminal, boolean colour) {
  private static final String RESET = "\u001b[0m";

  /** A style of the terminal. */
  enum Style {
    ERROR("\u001b[1;31m"),
    WARNING("\u001b[33m");

    private final String sequence;

    Style(String sequence) {
      this.sequence = sequence;
    }
  }

  /** An output that is coloured only on a terminal. */
  static TextOutput of(PrintStream stream, boolean terminal, boolean colour) {
    return new TextOutput(stream, terminal, terminal && colour);
  }

  /** Writes a line. */
  void println(String line) {
    stream.writeBytes(encode(shown(line) + '\n'));
  }

  /** Writes a line that begins with a word in a style, where there are styles. */
  void println(Style style, String word, String rest) {
    String first = colour ? style.sequence + word + RESET : word;
    stream.writeBytes(encode(first + shown(rest) + '\n'));
  }

  /**
   * Writes a line that ends with a key, of which no copy stays in memory.
   *
   * @throws IOException if it cannot be written
   */
  void printKey(String before, VolumeKey key) throws IOException {
    stream.writeBytes(encode(shown(before)));
    key.writeHex(stream);
    check();
  }

  /**
   * Writes bytes as they are, also to a terminal.
   *
   * @throws IOException if they cannot be written
   */
  void write(byte[] bytes, int length) throws IOException {
    stream.write(bytes, 0, length);
    check();
  }

  /**
   * Writes out what is buffered.
   *
   * @throws IOException if it, or anything before, could not be written
   */
  void check() throws IOException {
    if (stream.checkError()) {
      throw new IOException("The output cannot be written: the disk is full or the pipe is closed");
    }
  }

  private String shown(String text) {
    if (!terminal) {
      return text;
    }
    var shown = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c ->
                shown.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '?' : (char) c));
    return shown.toString();
  }

  private static byte[] encode(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    var bytes = new ByteArrayOutputStream(text.length() * 2);
    text.codePoints()
        .forEach(
            c -> {
              if (c >= 0xDC80 && c <= 0xDCFF) {
                bytes.write(c & 0xFF);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }
}
