package io.fspf.cas.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/**
 * Any text as a session: refused as none, or a session whose canonical form is that same session.
 */
class SessionFuzzTest {
  @FuzzTest
  void document(byte[] input) throws SessionException {
    String text = new String(input, UTF_8);
    Session session;
    try {
      session = Session.read(text, name -> Optional.of("0".repeat(64)));
    } catch (SessionException e) {
      return;
    }
    Session again = Session.readCanonical(session.canonical());
    if (!again.hash().equals(session.hash()) || !again.name().equals(session.name())) {
      throw new AssertionError("The canonical form is another session:\n" + session.canonical());
    }
    if (!again.warnings().equals(session.warnings())) {
      throw new AssertionError(session.warnings() + " and then " + again.warnings());
    }
  }
}
