package io.fspf.tag;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Map;

/** Any lines as a state that a tag store wrote down: refused, or what was written. */
class TagStoreTextFuzzTest {
  @FuzzTest
  void lines(byte[] input) {
    String text = new String(input, UTF_8);
    try {
      Map<String, String> values = TagText.parse(text.lines().toList(), "text");
      TagState state = TagText.state(values.get("tag"), values.get("generation"), "text");
      if (!state.tag().toString().equalsIgnoreCase(values.get("tag"))
          || state.generation() != Long.parseLong(String.valueOf(values.get("generation")))) {
        throw new AssertionError(state + " for " + values);
      }
    } catch (IOException e) {
      // Refused.
    }
  }
}
