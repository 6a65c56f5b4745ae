package io.fspf.tag;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTagStoreTest extends TagStoreContractTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  private Path directory() {
    return temporary.resolve("new/tags");
  }

  @Override
  TagStore emptyStore() throws IOException {
    return TagStores.directory(directory());
  }

  @Override
  TagStore sameStore() throws IOException {
    return TagStores.directory(directory());
  }

  @Test
  void everyByteOfTheFileMatters() throws IOException {
    store.compareAndSet("v", null, state(7));
    Path file = directory().resolve("v.tag");
    byte[] good = Files.readAllBytes(file);
    assertThat(new String(good, UTF_8))
        .isEqualTo("format=fspf-tag-1\nvolume=v\ntag=" + tag(7) + "\ngeneration=7\n");
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> store.load("v"))
          .as("cut to %s", length)
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.compareAndSet("v", tag(7), state(8)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> store.compareAndSet("v", null, state(8)))
          .isInstanceOf(IOException.class);
    }
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 0x20;
      Files.write(file, bad);
      // A hex digit in the other case is no change but of the writing; it is refused like all else.
      assertThatThrownBy(() -> store.load("v")).as("byte %s", i).isInstanceOf(IOException.class);
    }
    for (String bad :
        List.of(
            new String(good, UTF_8) + "\n",
            new String(good, UTF_8) + "more=1\n",
            new String(good, UTF_8).replace("generation=7", "generation=07"),
            new String(good, UTF_8).replace("generation=7", "generation=99999999999999999999"),
            "x".repeat(100_000))) {
      Files.writeString(file, bad);
      assertThatThrownBy(() -> store.load("v")).isInstanceOf(IOException.class);
    }
    Files.write(file, good);
    assertThat(store.load("v")).contains(state(7));
  }

  @Test
  void theStateOfAnotherVolumeIsRefused() throws IOException {
    store.compareAndSet("v", null, state(1));
    store.compareAndSet("w", null, state(2));
    Files.copy(
        directory().resolve("w.tag"),
        directory().resolve("v.tag"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> store.load("v")).isInstanceOf(IOException.class);
  }

  @Test
  void aDirectoryThatIsGoneIsNotOneWithoutTags() throws IOException {
    Files.delete(directory());
    assertThatThrownBy(() -> store.load("v")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.compareAndSet("v", null, state(1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws IOException {
    Files.createSymbolicLink(directory().resolve("v.tag"), Path.of("nowhere"));
    assertThatThrownBy(() -> store.load("v")).isInstanceOf(IOException.class);
    Files.createDirectory(directory().resolve("w.tag"));
    assertThatThrownBy(() -> store.load("w")).isInstanceOf(IOException.class);
  }
}
