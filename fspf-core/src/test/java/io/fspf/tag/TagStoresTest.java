package io.fspf.tag;

import static io.fspf.tag.TagStoreContractTest.state;
import static io.fspf.tag.TagStoreContractTest.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.RootTag;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagStoresTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  @Test
  void oneUriIsOneStore() throws IOException {
    Path directory = temporary.resolve("with space");
    String[][] same = {
      {"memory:a", "memory:a"},
      {"MEMORY:b", "memory:b"},
      {"dir:" + directory, directory.toUri().toString()},
      {"jdbc:h2:" + temporary.resolve("h2"), "jdbc:h2:" + temporary.resolve("h2")}
    };
    for (String[] pair : same) {
      assertThat(TagStores.of(pair[0]).compareAndSet("v", null, state(1))).as(pair[0]).isTrue();
      assertThat(TagStores.of(pair[1]).load("v")).as(pair[1]).contains(state(1));
      if (!pair[0].startsWith("dir:")) {
        assertThat(TagStores.of(URI.create(pair[0])).load("v")).as(pair[0]).contains(state(1));
      }
    }
    assertThat(TagStores.of(directory.toUri()).load("v")).contains(state(1));
    assertThat(TagStores.of(URI.create("dir:" + directory.toUri().getRawPath())).load("v"))
        .contains(state(1));
    assertThat(TagStores.of("memory:c").load("v")).isEmpty();
    assertThat(TagStores.memory().load("v")).isEmpty();
  }

  @Test
  void refusesOtherUris() {
    for (String uri :
        new String[] {
          "", "x", "x:", "http://host/", "dir:relative", "dir:", "file:", "exec:", "exec: "
        }) {
      assertThatThrownBy(() -> TagStores.of(uri))
          .as(uri)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> TagStores.of(URI.create("relative")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsPinnedTags() throws IOException {
    RootTag tag = tag(1);
    assertThat(TagFiles.parse(tag.toString())).isEqualTo(tag);
    assertThat(TagFiles.parse(" tag: " + tag.toString().toUpperCase(Locale.ROOT) + "\r\n"))
        .isEqualTo(tag);
    Path file = temporary.resolve("tag");
    TagFiles.write(file, tag);
    assertThat(Files.readString(file)).isEqualTo(tag + "\n");
    TagFiles.write(file, tag(2));
    assertThat(TagFiles.read(file)).isEqualTo(tag(2));
    assertThat(temporary.toFile().list()).containsExactly("tag");
    Files.writeString(file, "tag:" + tag);
    assertThat(TagFiles.read(file)).isEqualTo(tag);
  }

  @Test
  void refusesWhatIsNoTag() throws IOException {
    for (String text :
        new String[] {
          "",
          "tag:",
          tag(1).toString().substring(1),
          tag(1) + " " + tag(2),
          tag(1) + "0",
          "x".repeat(64)
        }) {
      assertThatThrownBy(() -> TagFiles.parse(text)).isInstanceOf(IllegalArgumentException.class);
      Path file = temporary.resolve("tag");
      Files.writeString(file, text);
      assertThatThrownBy(() -> TagFiles.read(file)).isInstanceOf(IOException.class);
    }
    Files.writeString(temporary.resolve("long"), tag(1) + " ".repeat(10_000));
    assertThatThrownBy(() -> TagFiles.read(temporary.resolve("long")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> TagFiles.read(temporary.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void generationsCountFromZero() {
    assertThatThrownBy(() -> new TagState(tag(1), -1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new TagState(tag(1), 0).generation()).isZero();
  }
}
