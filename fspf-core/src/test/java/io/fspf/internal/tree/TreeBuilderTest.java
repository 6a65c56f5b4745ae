package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TreeBuilderTest {
  private static final int VALUE = 40;
  private static final int TARGET =
      TreeNode.leafOverhead() + 10 * LeafNode.cost(key(0), new byte[VALUE]);

  private MetadataLog log;
  private TreeBuilder builder;

  @BeforeEach
  void start() throws IOException {
    log = TestVolume.CLEAR.create(new MemoryFile(), TestVolume.OPTIONS.withNodeTarget(TARGET));
    builder = log.builder();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(8).putInt(number).array();
  }

  @Test
  void keysAscend() throws IOException {
    builder.add(key(2), new byte[1]);
    assertThatThrownBy(() -> builder.add(key(2), new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.add(key(1), new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    builder.add(key(3), new byte[1]);
    assertThat(TestVolume.contents(builder.finish())).hasSize(2);
  }

  @Test
  void keysAndValuesAreBounded() throws IOException {
    builder.add(new byte[Format.MAX_KEY], new byte[Format.MAX_VALUE]);
    byte[] long1 = new byte[Format.MAX_KEY + 1];
    long1[0] = 1;
    assertThatThrownBy(() -> builder.add(long1, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.add(key(1), new byte[Format.MAX_VALUE + 1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.finish().get(new byte[Format.MAX_KEY])).hasSize(Format.MAX_VALUE);
  }

  @Test
  void aTreeIsFinishedOnce() throws IOException {
    assertThat(builder.finish().isEmpty()).isTrue();
    assertThatThrownBy(builder::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder.add(key(1), new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nodesAreFull() throws IOException {
    for (int i = 1; i <= 2005; i++) {
      builder.add(key(i), new byte[VALUE]);
    }
    Tree tree = builder.finish();
    log.commit(tree, TestVolume.FIELDS);
    var root =
        (InnerNode) tree.store().load(Objects.requireNonNull(tree.root()), Keys.SMALLEST, null);
    assertFull(tree, root, Keys.SMALLEST, null, true);
    assertThat(TreeCheck.verify(tree, new TreeCheck.Visitor() {}).records()).isEqualTo(2005);
  }

  /** All nodes but the last of each level. */
  private static void assertFull(
      Tree tree, InnerNode node, byte[] low, byte @Nullable [] high, boolean last)
      throws IOException {
    assertThat(node.bodySize).isLessThanOrEqualTo(TARGET);
    if (!last) {
      assertThat(node.bodySize + InnerNode.cost(key(1))).isGreaterThan(TARGET);
    }
    for (int i = 0; i < node.children.length; i++) {
      byte[] childLow = node.low(i, low);
      byte[] childHigh = node.high(i, high);
      boolean isLast = last && i == node.children.length - 1;
      TreeNode child = tree.store().load(node.children[i], childLow, childHigh);
      if (child instanceof InnerNode inner) {
        assertFull(tree, inner, childLow, childHigh, isLast);
      } else {
        assertThat(child.keys.length).isEqualTo(isLast ? 5 : 10);
      }
    }
  }
}
