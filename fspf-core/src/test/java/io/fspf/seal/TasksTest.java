package io.fspf.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that brings more work, and somebody who waits for all of it. */
class TasksTest {
  private static final int ROUNDS = 3000;
  private static final int CHAIN = 30;

  /**
   * Who waits must never find nothing to wait for while some work is still running: a verify would
   * then report what it knows so far, and a seal commit what is not durable. Each piece brings the
   * next, so a gap anywhere in the chain ends the wait early; a round has a few dozen chances.
   */
  @Test
  void joinWaitsForWorkThatWorkBrings() throws IOException {
    try (Tasks tasks = new Tasks(new Crew(4, SealProgress.none()))) {
      for (int round = 0; round < ROUNDS; round++) {
        var done = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
          tasks.run(() -> link(tasks, done, CHAIN));
        }
        tasks.join();
        assertThat(done).as("round %d", round).hasValue(3 * CHAIN);
      }
    }
  }

  private static void link(Tasks tasks, AtomicInteger done, int left) throws IOException {
    if (left > 1) {
      tasks.run(() -> link(tasks, done, left - 1));
    }
    done.incrementAndGet();
  }

  @Test
  void joinThrowsWhatFailedFirst() throws IOException {
    try (Tasks tasks = new Tasks(new Crew(2, SealProgress.none()))) {
      tasks.run(
          () -> {
            throw new IOException("broken");
          });
      assertThatThrownBy(tasks::join).isInstanceOf(IOException.class).hasMessage("broken");
      assertThat(tasks.isFailed()).isTrue();
    }
  }

  /** Work may hold a file open, which whoever does not do the work has to close. */
  @Test
  void allWorkIsDoneOrDropped() throws IOException {
    for (int round = 0; round < 200; round++) {
      var left = new AtomicInteger();
      try (Tasks tasks = new Tasks(new Crew(3, SealProgress.none()))) {
        for (int i = 0; i < 40; i++) {
          left.incrementAndGet();
          tasks.run(new Counted(left, i == 7));
        }
        assertThatThrownBy(tasks::join).isInstanceOf(IOException.class);
      }
      assertThat(left).as("round %d", round).hasValue(0);
    }
  }

  private record Counted(AtomicInteger left, boolean fails) implements Tasks.Work {
    @Override
    public void run() throws IOException {
      left.decrementAndGet();
      if (fails) {
        throw new IOException("broken");
      }
    }

    @Override
    public void drop() {
      left.decrementAndGet();
    }
  }
}
