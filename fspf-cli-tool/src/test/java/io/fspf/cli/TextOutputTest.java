package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextOutputTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private TextOutput output(boolean terminal) {
    return TextOutput.of(new PrintStream(bytes), terminal, terminal);
  }

  @Test
  void controlCharactersReachNoTerminal() {
    output(true).println("a\u001b[2Jb\rc\u009bd\te");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("a?[2Jb?c?d\te\n");
  }

  @Test
  void elsewhereTextIsPassedOnAsItIs() {
    output(false).println("a\u001bb\r");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("a\u001bb\r\n");
  }

  @Test
  void bytesThatAreNotUtf8ComeOutAsTheyCameIn() {
    output(false).println("\udcff\u00fc\ud83d\ude00\udc80");
    assertThat(bytes.toByteArray())
        .isEqualTo(
            new byte[] {
              (byte) 0xFF,
              (byte) 0xC3,
              (byte) 0xBC,
              (byte) 0xF0,
              (byte) 0x9F,
              (byte) 0x98,
              (byte) 0x80,
              (byte) 0x80,
              '\n'
            });
  }

  @Test
  void jsonEscapesThemSinceItMustBeUtf8() {
    assertThat(Json.text(new JsonPrimitive("\udcff<\u00fc\ud83d\ude00")))
        .isEqualTo("\"\\udcff<\u00fc\ud83d\ude00\"");
  }

  @Test
  void styleIsUsedOnATerminalOnly() {
    output(true).println(TextOutput.Style.ERROR, "bad: ", "news");
    output(false).println(TextOutput.Style.ERROR, "bad: ", "news");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("\u001b[1;31mbad: \u001b[0mnews\nbad: news\n");
  }
}
