package io.fspf.cas.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.cas.evidence.EvidenceException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is read strictly. */
class JsonTest {
  private static Json read(String text) throws EvidenceException {
    return Json.read("It", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsEachKindOfValue() throws Exception {
    Json json =
        read(
            "{\"text\":\"\\u00e9\",\"number\":17,\"hex\":\"0aFF\",\"list\":[{\"n\":1},{\"n\":2}],"
                + "\"at\":\"2026-01-01T00:00:00Z\",\"yes\":true,\"nothing\":null}");
    assertThat(json.text("text")).isEqualTo("é");
    assertThat(json.number("number", 17)).isEqualTo(17);
    assertThat(json.hex("hex", 2)).containsExactly(10, 255);
    assertThat(json.instant("at")).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(json.get("list").list().get(1).number("n", 9)).isEqualTo(2);
    assertThat(json.has("yes")).isTrue();
    assertThat(json.has("no")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{'a':1}",
        "{a:1}",
        "[1,]",
        "[1.5]",
        "[1e400]",
        "[99999999999999999999]",
        "[NaN]",
        "// why\n{}",
        "[\"\t\"]",
        "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]"
      })
  void refusesWhatIsNotStrictlyJson(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(EvidenceException.class)
        .hasMessageStartingWith("It is not JSON as it should be");
  }

  @Test
  void refusesOtherEncodings() {
    assertThatThrownBy(() -> Json.read("It", new byte[] {'"', (byte) 0xc3, '"'}))
        .isInstanceOf(EvidenceException.class)
        .hasMessage("It is not in UTF-8");
  }

  @Test
  void refusesLongTexts() {
    assertThatThrownBy(() -> Json.read("It", new byte[(1 << 20) + 1]))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("longer than");
  }

  @Test
  void namesThePlaceThatIsWrong() throws Exception {
    Json json = read("{\"a\":[{\"n\":300,\"hex\":\"0\",\"t\":1,\"at\":\"noon\"}]}");
    Json element = json.get("a").list().get(0);
    assertThatThrownBy(() -> element.number("n", 255))
        .isInstanceOf(EvidenceException.class)
        .hasMessage("It.a[0].n is not between 0 and 255");
    assertThatThrownBy(() -> element.hex("hex")).hasMessage("It.a[0].hex is not in hex");
    assertThatThrownBy(() -> element.text("t")).hasMessage("It.a[0].t is not a text");
    assertThatThrownBy(() -> element.instant("at")).hasMessage("It.a[0].at is not an instant");
    assertThatThrownBy(() -> element.get("b")).hasMessage("It.a[0] has no \"b\"");
    assertThatThrownBy(() -> json.text("a")).hasMessage("It.a is not a text");
    assertThatThrownBy(() -> json.number("a", 1)).hasMessage("It.a is not a number");
    assertThatThrownBy(() -> json.get("a").get("b")).hasMessage("It.a is not an object");
    assertThatThrownBy(json::list).hasMessage("It is not an array");
  }
}
