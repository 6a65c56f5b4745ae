package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How records are spread over nodes, for leaves of at most ten records: {@code [10, 3]} is a tree
 * of two leaves with so many.
 */
class TreeShapeTest {
  private static final int VALUE = 40;
  private static final int RECORD = LeafNode.cost(key(0), new byte[VALUE]);
  private static final int TARGET = TreeNode.leafOverhead() + 10 * RECORD;

  /** The length of a value whose record, alone in a leaf, takes a quarter of the target. */
  private static final int QUARTER =
      TARGET / 4 - TreeNode.leafOverhead() - LeafNode.cost(key(0), new byte[0]);

  private MetadataLog log;
  private Tree tree;

  @BeforeEach
  void start() throws IOException {
    log = TestVolume.CLEAR.create(new MemoryFile(), TestVolume.OPTIONS.withNodeTarget(TARGET));
    tree = log.empty();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(8).putInt(number).array();
  }

  private void apply(TreeEdits edits) throws IOException {
    tree = tree.apply(edits);
    check();
  }

  private static TreeEdits put(int... numbers) {
    return put(new TreeEdits(), numbers);
  }

  private static TreeEdits put(TreeEdits edits, int... numbers) {
    for (int number : numbers) {
      edits.put(key(number), new byte[VALUE]);
    }
    return edits;
  }

  private static TreeEdits remove(TreeEdits edits, int from, int to) {
    for (int number = from; number <= to; number++) {
      edits.remove(key(number));
    }
    return edits;
  }

  /** Leaves of ten records each, with the keys 1 to 10, 11 to 20 and so on. */
  private void grow(int leaves) throws IOException {
    for (int i = 1; i <= 10 * leaves; i++) {
      tree = tree.apply(put(i));
    }
    check();
  }

  /** What is told of the lengths of nodes is that of the nodes. */
  private void check() throws IOException {
    List<NodeRef> nodes = nodes();
    assertThat(tree.liveNodeBytes()).isEqualTo(nodes.stream().mapToLong(ref -> ref.length).sum());
    assertThat(tree.unwrittenBytes())
        .isEqualTo(
            nodes.stream().filter(ref -> !ref.isWritten()).mapToLong(ref -> ref.length).sum());
  }

  private List<NodeRef> nodes() throws IOException {
    var nodes = new ArrayList<NodeRef>();
    NodeRef root = tree.root();
    if (root != null) {
      addNodes(root, Keys.SMALLEST, null, nodes);
    }
    return nodes;
  }

  private void addNodes(NodeRef ref, byte[] low, byte @Nullable [] high, List<NodeRef> into)
      throws IOException {
    into.add(ref);
    if (tree.store().load(ref, low, high) instanceof InnerNode inner) {
      for (int i = 0; i < inner.children.length; i++) {
        addNodes(inner.children[i], inner.low(i, low), inner.high(i, high), into);
      }
    }
  }

  private List<NodeRef> leaves() throws IOException {
    return nodes().stream().filter(ref -> node(ref) instanceof LeafNode).toList();
  }

  private List<InnerNode> inner(int level) throws IOException {
    return nodes().stream()
        .map(this::node)
        .filter(node -> node.level() == level && level > 0)
        .map(InnerNode.class::cast)
        .toList();
  }

  private TreeNode node(NodeRef ref) {
    try {
      return tree.store().load(ref, Keys.SMALLEST, null);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<Integer> shape() throws IOException {
    return leaves().stream().map(ref -> node(ref).keys.length).toList();
  }

  @Test
  void keysAndValuesMayBeAsLongAsTheFormatSays() throws IOException {
    byte[] longest = new byte[Format.MAX_KEY];
    apply(new TreeEdits().put(longest, new byte[Format.MAX_VALUE]));
    assertThat(tree.isEmpty()).isFalse();
    assertThat(tree.get(longest)).hasSize(Format.MAX_VALUE);
    assertThat(tree.apply(new TreeEdits())).isSameAs(tree);
    assertThatThrownBy(() -> new TreeEdits().remove(new byte[Format.MAX_KEY + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatComesBehindEverythingLeavesFullLeaves() throws IOException {
    apply(put(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    assertThat(shape()).containsExactly(10, 1);
    apply(put(12, 13, 14, 15, 16, 17, 18, 19, 20, 21));
    assertThat(shape()).containsExactly(10, 10, 1);
  }

  @Test
  void soItDoesWithChangesBeforeIt() throws IOException {
    grow(1);
    apply(put(3, 10, 11).put(key(5), new byte[VALUE - 1]));
    assertThat(shape()).containsExactly(10, 1);
  }

  @Test
  void andInThePlaceOfTheLastOne() throws IOException {
    grow(1);
    TreeEdits edits =
        new TreeEdits().put(ByteBuffer.allocate(8).putInt(9).putInt(1).array(), value());
    apply(put(edits.remove(key(10)), 11));
    assertThat(shape()).containsExactly(10, 1);
  }

  private static byte[] value() {
    return new byte[VALUE];
  }

  @Test
  void whatComesBetweenDividesALeafInHalves() throws IOException {
    tree = tree.apply(put(1, 2, 3, 4, 5, 6, 7, 8, 9, 20));
    apply(put(15));
    assertThat(shape()).containsExactly(6, 5);
  }

  @Test
  void soItDoesWhereTheLastOneIsChanged() throws IOException {
    tree = tree.apply(put(1, 2, 3, 4, 5, 6, 7, 8, 9, 20));
    apply(put(15).put(key(20), new byte[VALUE - 1]));
    assertThat(shape()).containsExactly(5, 6);
  }

  @Test
  void longerValuesDivideALeafInHalves() throws IOException {
    grow(1);
    apply(new TreeEdits().put(key(10), new byte[VALUE + 1]));
    assertThat(shape()).containsExactly(5, 5);
  }

  @Test
  void theSameAgainIsTheSameTree() throws IOException {
    grow(3);
    Tree before = tree;
    apply(remove(put(1, 15, 30), 31, 40));
    assertThat(tree).isSameAs(before);
    // In one leaf only: the others are the same nodes.
    List<NodeRef> leaves = leaves();
    apply(put(1, 30).put(key(15), new byte[VALUE - 1]));
    assertThat(leaves().get(0)).isSameAs(leaves.get(0));
    assertThat(leaves().get(1)).isNotSameAs(leaves.get(1));
    assertThat(leaves().get(2)).isSameAs(leaves.get(2));
  }

  @Test
  void aLeafThatShrankIsJoinedWithTheSmallerNeighbour() throws IOException {
    grow(3);
    Tree full = tree;
    // Both neighbours are alike: with the first.
    apply(remove(new TreeEdits(), 13, 20));
    assertThat(shape()).containsExactly(6, 6, 10);
    tree = full;
    apply(remove(remove(new TreeEdits(), 13, 20), 29, 30));
    assertThat(shape()).containsExactly(10, 10);
    tree = full;
    apply(remove(remove(new TreeEdits(), 13, 20), 9, 10));
    assertThat(shape()).containsExactly(10, 10);
    tree = full;
    apply(remove(new TreeEdits(), 21, 28));
    assertThat(shape()).containsExactly(10, 6, 6);
    tree = full;
    apply(remove(new TreeEdits(), 3, 10));
    assertThat(shape()).containsExactly(6, 6, 10);
  }

  @Test
  void ratherWithOneThatIsWrittenAnyway() throws IOException {
    grow(3);
    tree = tree.apply(new TreeEdits().remove(key(10)));
    log.commit(tree, TestVolume.FIELDS);
    tree = log.tree();
    Tree written = tree;
    apply(remove(new TreeEdits().put(key(30), new byte[VALUE - 1]), 13, 20));
    assertThat(shape()).containsExactly(9, 6, 6);
    tree = written;
    apply(remove(new TreeEdits(), 13, 20));
    assertThat(shape()).containsExactly(6, 5, 10);
    tree = written;
    apply(remove(new TreeEdits().put(key(1), new byte[VALUE - 1]), 13, 20));
    assertThat(shape()).containsExactly(6, 5, 10);
  }

  @Test
  void aLeafOfAQuarterStays() throws IOException {
    grow(3);
    apply(remove(new TreeEdits(), 14, 20));
    assertThat(shape()).containsExactly(10, 3, 10);
    apply(remove(new TreeEdits().put(key(11), new byte[QUARTER]), 12, 13));
    assertThat(shape()).containsExactly(10, 1, 10);
    apply(new TreeEdits().put(key(11), new byte[QUARTER - 1]));
    assertThat(shape()).containsExactly(6, 5, 10);
  }

  @Test
  void aSmallLeafStaysUntilItShrinks() throws IOException {
    grow(1);
    apply(put(11));
    NodeRef first = leaves().get(0);
    apply(put(12));
    byte[] other = value();
    other[0] = 1;
    apply(new TreeEdits().put(key(12), other));
    assertThat(shape()).containsExactly(10, 2);
    assertThat(leaves().get(0)).isSameAs(first);
    apply(new TreeEdits().put(key(12), new byte[VALUE - 1]));
    assertThat(shape()).containsExactly(6, 6);
  }

  @Test
  void whatOneGreatRecordFillsHasNothingToGive() throws IOException {
    grow(3);
    byte[] great = new byte[4 * TARGET];
    apply(remove(remove(new TreeEdits(), 1, 9), 21, 29).put(key(10), great).put(key(30), great));
    assertThat(shape()).containsExactly(1, 10, 1);
    apply(remove(new TreeEdits(), 13, 20));
    assertThat(shape()).containsExactly(1, 2, 1);
  }

  @Test
  void smallLeavesAreJoinedUntilTheyAreNotSmall() throws IOException {
    grow(5);
    NodeRef last = leaves().get(4);
    apply(remove(remove(remove(remove(new TreeEdits(), 2, 10), 12, 20), 22, 30), 32, 40));
    assertThat(shape()).containsExactly(4, 10);
    assertThat(leaves().get(1)).isSameAs(last);
    apply(remove(new TreeEdits(), 42, 50));
    assertThat(shape()).containsExactly(5);
    assertThat(nodes()).hasSize(1);
    apply(remove(new TreeEdits(), 1, 50));
    assertThat(tree.isEmpty()).isTrue();
  }

  @Test
  void leavesThatAreEmptyGo() throws IOException {
    grow(4);
    apply(remove(remove(new TreeEdits(), 1, 10), 21, 30));
    assertThat(shape()).containsExactly(10, 10);
    // The first that is left takes over the room of the one before it.
    apply(put(5));
    assertThat(shape()).containsExactly(6, 5, 10);
    assertThat(tree.get(key(5))).hasSize(VALUE);
  }

  @Test
  void ascendingInsertionLeavesFullInnerNodes() throws IOException {
    grow(200);
    for (int level = 1; level <= 2; level++) {
      List<InnerNode> nodes = inner(level);
      assertThat(nodes).hasSizeGreaterThan(2);
      for (InnerNode node : nodes.subList(0, nodes.size() - 1)) {
        assertThat(node.bodySize + InnerNode.cost(new byte[4])).isGreaterThan(TARGET);
        assertThat(node.bodySize).isLessThanOrEqualTo(TARGET);
      }
    }
  }

  /** How many leaves stand below an inner node that is full. */
  private int children() throws IOException {
    int children = 1;
    while (inner(2).isEmpty()) {
      children = leaves().size();
      grow(children + 1);
    }
    start();
    return children;
  }

  @Test
  void soTheyDoWithChangesBeforeThem() throws IOException {
    int children = children();
    grow(children);
    apply(put(10 * children + 1).put(key(5), new byte[VALUE - 1]));
    assertThat(inner(1)).extracting(node -> node.children.length).containsExactly(children, 1);
  }

  @Test
  void anInnerNodeThatGrowsElsewhereIsDividedInHalves() throws IOException {
    int children = children();
    for (int i = 1; i <= 10 * children; i++) {
      tree = tree.apply(put(2 * i));
    }
    assertThat(inner(1)).hasSize(1);
    // Its first child and its last are divided at once.
    apply(put(3, 20 * children + 1));
    assertThat(inner(1))
        .extracting(node -> node.children.length)
        .containsExactly((children + 3) / 2, (children + 2) / 2);
    assertThat(shape()).hasSize(children + 2);
  }

  @Test
  void innerNodesThatShrankAreJoined() throws IOException {
    grow(200);
    int left = 0;
    TreeEdits edits = new TreeEdits();
    for (InnerNode node : inner(1)) {
      // All but the first leaf below each.
      int count = 10 * node.children.length;
      remove(edits, left + 11, left + count);
      left += count;
    }
    apply(edits);
    assertThat(shape()).allMatch(records -> records == 10);
    assertThat(inner(1)).allMatch(node -> node.children.length > 1);
    assertThat(inner(1).size()).isLessThan(shape().size() / 2);
  }
}
