package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No command but {@code encrypt} prints a key, whatever happens. */
class KeySecrecyTest {
  @TempDir private Path directory;

  @Test
  void noCommandPrintsTheKey() throws IOException {
    SealedSample sample = SealedSample.encrypted(directory);
    String key = Files.readString(sample.key()).strip();
    String volume = sample.volume().toString();
    String file = sample.volume().resolve("fspf.pb").toString();
    String[][] commands = {
      {"seal", "--encrypt", sample.source() + "", directory.resolve("another") + ""},
      {"verify", "--no-tag", volume},
      {"verify", "--tag", "0".repeat(64), volume},
      {"unseal", volume, directory.resolve("out") + ""},
      {"ls", "-lR", volume},
      {"cat", volume, "/run.sh"},
      {"stat", volume, "/run.sh"},
      {"diff", volume, sample.source() + ""},
      {"tag", volume},
      {"show", volume},
      {"show", volume, key},
      {"show", "-t", volume, key},
      {"show", volume, key.substring(1) + "x"},
      {"audit", volume},
      {"mkdir", volume, "/a"},
      {"put", volume, sample.source().resolve("run.sh") + "", "/a"},
      {"mv", volume, "/a/run.sh", "/b"},
      {"rm", volume, "/b"},
      {"addr", file, "/x", "-n", "--kernel", "/x"},
      {"compact", volume},
      {"rekey", volume, "--new-key-file", sample.key() + ""},
      {"doctor", directory + ""},
      // Where no key belongs.
      {"verify", volume, key},
      {"verify", "--key", key, volume},
      {"verify", "--key-file=" + sample.key(), "--tag", key, volume},
      {"tag", volume, key},
      {key},
    };
    for (String[] command : commands) {
      for (boolean json : new boolean[] {false, true}) {
        Run run =
            Run.with(
                false,
                Map.of("FSPF_KEY", key),
                terminal -> Main.run(terminal, withJson(command, json)));
        assertThat(run.exit()).as(command[0]).isNotEqualTo(ExitCodes.BUG);
        // A key given for a tag is taken for one, and tags are no secret.
        boolean takenForATag = command.length > 3 && command[2].equals("--tag");
        if (!takenForATag) {
          assertThat((run.out() + run.err()).toLowerCase(Locale.ROOT))
              .as(String.join(" ", command))
              .doesNotContain(key.substring(0, 63));
        }
      }
    }
  }

  private static String[] withJson(String[] command, boolean json) {
    if (!json) {
      return command;
    }
    String[] words = Arrays.copyOf(command, command.length + 1);
    words[command.length] = "--json";
    return words;
  }
}
