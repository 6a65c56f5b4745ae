package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.FspfException;
import io.fspf.IntegrityException;
import io.fspf.RootTag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A host that changes the file: whoever opens it finds a state that was committed, exactly, or a
 * typed exception; with a pin, the pinned one or an exception.
 */
class TamperTest {
  private static final TreeOptions OPTIONS = TestVolume.OPTIONS.withNodeTarget(512);

  /** A small file with several commits, and what was in each. */
  private static final class Sample {
    final TestVolume volume;
    final MemoryFile file = new MemoryFile();
    final Map<RootTag, Map<String, String>> states = new LinkedHashMap<>();
    CommitInfo head;

    Sample(TestVolume volume) throws IOException {
      this.volume = volume;
      try (MetadataLog log = volume.create(file, OPTIONS)) {
        Tree tree = log.empty();
        Random random = new Random(1);
        for (int commit = 0; commit < 3; commit++) {
          TreeEdits edits = new TreeEdits();
          for (int i = 0; i < (commit == 0 ? 30 : 2); i++) {
            byte[] value = new byte[12];
            random.nextBytes(value);
            edits.put(TestVolume.bytes("key" + random.nextInt(40)), value);
          }
          tree = tree.apply(edits);
          states.put(log.commit(tree, TestVolume.FIELDS).tag(), TestVolume.contents(tree));
        }
        head = log.head();
      }
    }

    /** The tag of the state that an opener finds in these bytes, or null if it refuses them. */
    @Nullable RootTag find(byte[] bytes, HeadChoice choice) throws IOException {
      RootTag tag;
      Map<String, String> contents;
      try (MetadataLog log = volume.open(new MemoryFile(bytes), choice, OPTIONS)) {
        tag = log.head().tag();
        contents = TestVolume.contents(log.tree());
      } catch (FspfException e) {
        return null;
      }
      assertThat(states).containsKey(tag);
      assertThat(contents).isEqualTo(states.get(tag));
      return tag;
    }

    HeadChoice pin() {
      return HeadChoice.pinned(head.tag());
    }

    /** Which bytes the head depends on. */
    boolean[] reached() throws IOException {
      boolean[] reached = new boolean[(int) file.size()];
      try (MetadataLog log = volume.open(new MemoryFile(file.bytes()), pin(), OPTIONS)) {
        Arrays.fill(reached, 0, log.header().length(), true);
        Arrays.fill(reached, (int) head.offset(), (int) head.end(), true);
        TreeCheck.verify(
            log.tree(),
            new TreeCheck.Visitor() {
              @Override
              public void node(NodePointer pointer, int level) {
                Arrays.fill(reached, (int) pointer.offset(), (int) pointer.end(), true);
              }
            });
      }
      return reached;
    }

    /** The frames, cut apart. */
    List<byte[]> frames() {
      byte[] bytes = file.bytes();
      List<byte[]> frames = new ArrayList<>();
      for (int at = 0; at < bytes.length; ) {
        int end = at + 2;
        while (Frames.messageStart(Arrays.copyOfRange(bytes, at, end), bytes[at]) < 0) {
          end++;
        }
        frames.add(Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      return frames;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCutFileIsAnOlderStateOrNone(TestVolume volume) throws IOException {
    Sample sample = new Sample(volume);
    byte[] bytes = sample.file.bytes();
    List<RootTag> found = new ArrayList<>();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      RootTag tag = sample.find(cut, HeadChoice.last());
      if (tag != null && !found.contains(tag)) {
        found.add(tag);
      }
      assertThat(sample.find(cut, sample.pin())).isNull();
      assertThat(sample.find(Arrays.copyOf(cut, bytes.length), HeadChoice.last())).isEqualTo(tag);
    }
    List<RootTag> older = new ArrayList<>(sample.states.keySet());
    assertThat(found).isEqualTo(older.subList(0, older.size() - 1));
    assertThat(sample.find(bytes, sample.pin())).isEqualTo(sample.head.tag());
  }

  @ParameterizedTest
  @EnumSource
  void aChangedByteIsNeverBelieved(TestVolume volume) throws IOException {
    Sample sample = new Sample(volume);
    byte[] bytes = sample.file.bytes();
    boolean[] reached = sample.reached();
    Random random = new Random(2);
    int free = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte was = bytes[i];
      bytes[i] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : 1 + random.nextInt(255));
      sample.find(bytes, HeadChoice.last());
      RootTag pinned = sample.find(bytes, sample.pin());
      if (reached[i]) {
        assertThat(pinned).as("byte %d", i).isNull();
      } else {
        free++;
      }
      bytes[i] = was;
    }
    assertThat(free).as("bytes that the head does not reach").isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void framesKeepTheirPlaces(TestVolume volume) throws IOException {
    Sample sample = new Sample(volume);
    List<byte[]> frames = sample.frames();
    assertThat(Arrays.equals(joined(frames), sample.file.bytes())).isTrue();
    boolean[] reached = sample.reached();
    for (int i = 0; i < frames.size(); i++) {
      List<byte[]> without = new ArrayList<>(frames);
      without.remove(i);
      check(sample, reached, without);
      for (int j = 0; j < frames.size(); j++) {
        List<byte[]> swapped = new ArrayList<>(frames);
        Collections.swap(swapped, i, j);
        check(sample, reached, swapped);
        List<byte[]> twice = new ArrayList<>(frames);
        twice.add(j, frames.get(i));
        check(sample, reached, twice);
        List<byte[]> replaced = new ArrayList<>(frames);
        replaced.set(j, frames.get(i));
        check(sample, reached, replaced);
      }
    }
  }

  /** With the pin, exactly the changes that leave alone what the head reaches are not noticed. */
  private static void check(Sample sample, boolean[] reached, List<byte[]> frames)
      throws IOException {
    byte[] bytes = joined(frames);
    sample.find(bytes, HeadChoice.last());
    byte[] honest = sample.file.bytes();
    boolean same = bytes.length >= honest.length;
    for (int i = 0; same && i < honest.length; i++) {
      same = !reached[i] || bytes[i] == honest[i];
    }
    assertThat(sample.find(bytes, sample.pin()) != null).isEqualTo(same);
  }

  private static byte[] joined(List<byte[]> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames.forEach(out::writeBytes);
    return out.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void theCheckGoesOnBehindDamage(TestVolume volume) throws IOException {
    Sample sample = new Sample(volume);
    byte[] bytes = sample.file.bytes();
    Map<NodePointer, Integer> levels = new LinkedHashMap<>();
    MetadataLog sound = sample.volume.open(new MemoryFile(bytes), sample.pin(), OPTIONS);
    TreeCheck.Result whole =
        TreeCheck.verify(
            sound.tree(),
            new TreeCheck.Visitor() {
              @Override
              public void node(NodePointer pointer, int level) {
                levels.put(pointer, level);
              }
            });
    assertThat(whole.isSound()).isTrue();
    assertThat(levels.size()).isGreaterThan(2);
    for (Map.Entry<NodePointer, Integer> node : levels.entrySet()) {
      byte[] damaged = bytes.clone();
      damaged[(int) node.getKey().end() - 1] ^= 1;
      MetadataLog log = sample.volume.open(new MemoryFile(damaged), sample.pin(), OPTIONS);
      List<NodePointer> reported = new ArrayList<>();
      Map<String, String> seen = new java.util.TreeMap<>();
      TreeCheck.Result result =
          TreeCheck.verify(
              log.tree(),
              new TreeCheck.Visitor() {
                @Override
                public void record(byte[] key, byte[] value) {
                  seen.put(TestVolume.hex(key), TestVolume.hex(value));
                }

                @Override
                public void damaged(
                    NodePointer pointer,
                    byte[] low,
                    byte @Nullable [] high,
                    IntegrityException violation) {
                  assertThat(violation.offset()).hasValue(pointer.offset());
                  reported.add(pointer);
                }
              });
      assertThat(reported).containsExactly(node.getKey());
      assertThat(result.damagedNodes()).isEqualTo(1);
      assertThat(TestVolume.contents(sound.tree())).containsAllEntriesOf(seen);
      if (node.getValue() == 0) {
        assertThat(result.nodes()).isEqualTo(whole.nodes() - 1);
        assertThat(seen).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNodeThatChangesUnderAnOpenLogIsNoticed(TestVolume volume) throws IOException {
    Sample sample = new Sample(volume);
    MemoryFile file = new MemoryFile(sample.file.bytes());
    MetadataLog log = volume.open(file, sample.pin(), OPTIONS.withCacheBytes(0));
    byte[] key = TestVolume.bytes("key7");
    byte[] value = log.tree().get(key);
    byte[] noise = new byte[(int) (sample.head.offset() - log.header().length())];
    file.write(log.header().length(), noise, 0, noise.length);
    assertThatThrownBy(() -> log.tree().get(key)).isInstanceOf(IntegrityException.class);
    file.write(0, sample.file.bytes(), 0, (int) sample.file.size());
    assertThat(log.tree().get(key)).isEqualTo(value);
  }
}
