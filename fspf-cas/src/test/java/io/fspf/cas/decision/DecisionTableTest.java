package io.fspf.cas.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The table of decisions as a whole; its rows are tested one by one beside. */
class DecisionTableTest {
  private static Stream<Arguments> table() {
    return Stream.of(
            PeopleDecisionsTest.rows(),
            ServiceDecisionsTest.rows(),
            ImportDecisionsTest.rows(),
            ProofDecisionsTest.rows())
        .flatMap(rows -> rows);
  }

  @Test
  void theTableHasEnoughRowsAndEveryOneIsAnother() {
    assertThat(table().map(a -> a.get()[0] + "|" + a.get()[1] + "|" + a.get()[2]))
        .hasSizeGreaterThanOrEqualTo(40)
        .doesNotHaveDuplicates();
  }

  @Test
  void theRightProgramGetsTheKeysOfAll() throws IOException {
    Rows.State state = Rows.given().load();
    Release release = Decision.release(ConfigId.parse("user/blender"), state.proof(), state);
    assertThat(release.command()).hasValue("blender -b -P /encryptedInputs/application.py");
    assertThat(release.environment()).containsKey("SCONE_NO_MMAP_ACCESS");
    assertThat(release.sessions()).containsOnlyKeys("user", "scone:blender");
    Map<String, String> keys = new HashMap<>();
    for (Release.Mount mount : release.mounts()) {
      keys.put(
          mount.path() + " " + mount.volume(), new String(mount.key().orElseThrow().exportHex()));
    }
    assertThat(keys)
        .containsExactlyInAnyOrderEntriesOf(
            ImmutableMap.of(
                "/usr/fspf.pb scone:blender/#blender", Rows.key(0),
                "/encryptedInputs user/encrypted-input-files", Rows.key(1),
                "/encryptedOutputs user/encrypted-output-files", Rows.key(2)));
    assertThat(release.toString()).doesNotContain(Rows.key(0), Rows.key(1), Rows.key(2));
  }
}
