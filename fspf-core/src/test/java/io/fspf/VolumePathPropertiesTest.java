package io.fspf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random paths against plain text, and against the JDK's paths where both mean the same. */
class VolumePathPropertiesTest {
  private static final int PATHS = 50_000;

  private static final List<String> PARTS =
      List.of("/", "/", "/", "a", "b", "ab", ".", "..", "...", "\u00fc", "\udc80", "x".repeat(255));

  private final long seed = Long.getLong("fspf.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String text() {
    var text = new StringBuilder("/");
    for (int i = random.nextInt(9); i > 0; i--) {
      String part = PARTS.get(random.nextInt(PARTS.size()));
      // Names of more than 255 bytes are refused; that is for others to test.
      if (!part.startsWith("xxx") || text.charAt(text.length() - 1) == '/') {
        text.append(part).append(part.startsWith("xxx") ? "/" : "");
      }
    }
    return text.toString();
  }

  private static List<String> names(String text) {
    var names = new ArrayList<String>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  private static List<String> folded(List<String> names) {
    var folded = new ArrayList<String>();
    for (String name : names) {
      if (!name.equals("..")) {
        folded.add(name);
      } else if (!folded.isEmpty()) {
        folded.remove(folded.size() - 1);
      }
    }
    return folded;
  }

  private static String join(List<String> names) {
    return "/" + String.join("/", names);
  }

  @Test
  void pathsAreTheirNames() {
    for (int i = 0; i < PATHS; i++) {
      String text = text();
      String as = "'" + text + "', seed " + seed;
      List<String> names = names(text);
      VolumePath path = VolumePath.of(text);
      assertThat(path.toString()).as(as).isEqualTo(join(names));
      assertThat(VolumePath.of(path.toString())).as(as).isEqualTo(path);
      assertThat(VolumePath.ofBytes(path.toBytes())).as(as).isEqualTo(path);
      assertThat(path.normalize().toString()).as(as).isEqualTo(join(folded(names)));
      if (!text.contains("\udc80")) {
        assertThat(Path.of(text).normalize().toString())
            .as(as)
            .isEqualTo(path.normalize().toString());
      }
      int cut = names.isEmpty() ? 0 : random.nextInt(names.size() + 1);
      VolumePath prefix = VolumePath.of(join(names.subList(0, cut)));
      assertThat(path.startsWith(prefix)).as(as).isTrue();
      assertThat(prefix.resolve(path.relativize(prefix))).as(as).isEqualTo(path);
    }
  }

  @Test
  void prefixesAndOrderAreThoseOfTheNames() {
    for (int i = 0; i < PATHS; i++) {
      VolumePath one = VolumePath.of(text()).normalize();
      VolumePath other = VolumePath.of(text()).normalize();
      String as = one + " and " + other + ", seed " + seed;
      // With a slash behind each name a prefix of the text is one of the names.
      boolean prefix = slashed(one).startsWith(slashed(other));
      assertThat(one.startsWith(other)).as(as).isEqualTo(prefix);
      assertThat(one.compareTo(other) == 0).as(as).isEqualTo(one.equals(other));
      assertThat(Integer.signum(one.compareTo(other)))
          .as(as)
          .isEqualTo(-Integer.signum(other.compareTo(one)));
      if (prefix && !one.equals(other)) {
        assertThat(other.compareTo(one)).as(as).isNegative();
      }
    }
  }

  private static String slashed(VolumePath path) {
    return path.isRoot() ? "/" : path + "/";
  }
}
