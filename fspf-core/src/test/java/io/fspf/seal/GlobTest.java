package io.fspf.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Name;
import io.fspf.VolumePath;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  private static final List<String> PATHS =
      List.of(
          "a",
          "b",
          "ab",
          "a.log",
          "x/a.log",
          "x/y/a.log",
          "x/y",
          "cache",
          "x/cache",
          "x/cache/z",
          "a-b",
          "a]b",
          "[a]",
          "a*b",
          "{a}",
          "a,b",
          "a+b",
          "x.y.z",
          ".hidden",
          "x/.hidden",
          "1",
          "9",
          "^",
          "a\\b",
          "$",
          "(a)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "*",
        "**",
        "?",
        "*.log",
        "**.log",
        "x/*",
        "x/**",
        "**/cache",
        "{a,b}",
        "x/{y,cache}",
        "[a-c]",
        "[!a]",
        "[0-9]",
        "a[-]b",
        "a\\*b",
        "a*b",
        ".*",
        "**/.*",
        "{*.log,cache}",
        "a+b",
        "x.y.z",
        "a?b",
        "[\\^]",
        "$",
        "(a)",
        "[[]a]",
        "\\{a\\}",
        "a,b"
      })
  void matchesWhatThePlatformsGlobsDo(String glob) {
    var platform = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    Glob own = Glob.of(glob);
    for (String path : PATHS) {
      assertThat(own.matches(VolumePath.of(path)))
          .as("%s on %s", glob, path)
          .isEqualTo(platform.matches(Path.of(path)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[a", "{a", "a\\", "{a,{b}}", "[a/b]"})
  void malformedOnesAreRefused(String glob) {
    assertThatThrownBy(() -> Glob.of(glob))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(glob);
  }

  @Test
  void namesOfAnyBytesMatch() {
    Name name = Name.ofBytes(new byte[] {(byte) 0xFF, '\n', 'x'});
    assertThat(Glob.of("*x").matches(VolumePath.ROOT.resolve(name))).isTrue();
    assertThat(Glob.of("??x").matches(VolumePath.ROOT.resolve(name))).isTrue();
  }
}
