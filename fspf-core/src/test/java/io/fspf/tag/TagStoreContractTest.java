package io.fspf.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import io.fspf.RootTag;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every tag store does. */
abstract class TagStoreContractTest {
  @SuppressWarnings("NullAway.Init")
  TagStore store;

  /** An empty store. */
  abstract TagStore emptyStore() throws Exception;

  /** Another object for the same store, as another process would have it. */
  abstract TagStore sameStore() throws Exception;

  int rounds() {
    return 40;
  }

  @BeforeEach
  void setUp() throws Exception {
    store = emptyStore();
  }

  static TagState state(int number) {
    return new TagState(RootTag.ofBytes(Hashing.sha256().hashInt(number).asBytes()), number);
  }

  static RootTag tag(int number) {
    return state(number).tag();
  }

  @Test
  void remembersTheNewestState() throws Exception {
    assertThat(store.load("v")).isEmpty();
    assertThat(store.compareAndSet("v", null, state(1))).isTrue();
    assertThat(store.load("v")).isEqualTo(Optional.of(state(1)));
    assertThat(store.compareAndSet("v", tag(1), state(2))).isTrue();
    assertThat(store.load("v")).contains(state(2));
    assertThat(sameStore().load("v")).contains(state(2));
  }

  @Test
  void replacesOnlyWhatIsExpected() throws Exception {
    assertThat(store.compareAndSet("v", tag(1), state(2))).isFalse();
    assertThat(store.load("v")).isEmpty();
    assertThat(store.compareAndSet("v", null, state(1))).isTrue();
    assertThat(store.compareAndSet("v", null, state(2))).isFalse();
    assertThat(store.compareAndSet("v", tag(2), state(3))).isFalse();
    assertThat(store.load("v")).contains(state(1));
  }

  @Test
  void theTagAloneIsCompared() throws Exception {
    store.compareAndSet("v", null, state(1));
    var later = new TagState(tag(1), Long.MAX_VALUE);
    assertThat(store.compareAndSet("v", tag(1), later)).isTrue();
    assertThat(store.load("v")).contains(later);
    assertThat(store.compareAndSet("v", tag(1), state(2))).isTrue();
  }

  @Test
  void keepsVolumesApart() throws Exception {
    assertThat(store.compareAndSet("v", null, state(1))).isTrue();
    assertThat(store.compareAndSet("V", null, state(2))).isTrue();
    String longest = "0123456789abcdef".repeat(8);
    assertThat(store.compareAndSet(longest, null, state(3))).isTrue();
    assertThat(store.compareAndSet("a.b_c@d-e", null, state(4))).isTrue();
    assertThat(store.load("v")).contains(state(1));
    assertThat(store.load("V")).contains(state(2));
    assertThat(store.load(longest)).contains(state(3));
    assertThat(store.load("a.b_c@d-e")).contains(state(4));
  }

  @Test
  void refusesNamesThatAreNone() {
    for (String name :
        new String[] {
          "", ".", "..", "-v", "a/b", "a b", "a\nb", "ä", "a=b", "x".repeat(129), "a'b", "a\0"
        }) {
      assertThatThrownBy(() -> store.load(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.compareAndSet(name, null, state(1)))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /**
   * In each round all threads expect the same state; exactly one may replace it, and its state must
   * be the next one.
   */
  @Test
  void exactlyOneWins() throws Exception {
    int threads = 4;
    TagStore other = sameStore();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    var barrier = new CyclicBarrier(threads);
    try {
      RootTag expected = null;
      for (int round = 0; round < rounds(); round++) {
        RootTag before = expected;
        int first = round * threads;
        var results = new ArrayList<Future<Boolean>>();
        for (int t = 0; t < threads; t++) {
          TagState own = state(first + t);
          TagStore through = t % 2 == 0 ? store : other;
          Callable<Boolean> attempt =
              () -> {
                barrier.await();
                return through.compareAndSet("v", before, own);
              };
          results.add(pool.submit(attempt));
        }
        int winners = 0;
        for (int t = 0; t < threads; t++) {
          if (results.get(t).get()) {
            winners++;
            expected = tag(first + t);
          }
        }
        assertThat(winners).as("round %s", round).isEqualTo(1);
        assertThat(store.load("v").map(TagState::tag)).contains(expected);
      }
    } finally {
      pool.shutdown();
    }
  }
}
