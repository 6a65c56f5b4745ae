package io.fspf.tag;

import static io.fspf.tag.TagStoreContractTest.state;
import static io.fspf.tag.TagStoreContractTest.tag;
import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.internal.host.Operation;
import io.fspf.internal.host.SimulatedCrash;
import io.fspf.internal.host.SimulatedHost;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The store on a disk that loses power: at every operation, with many outcomes each. */
class DirectoryTagStoreCrashTest {
  private static final int STATES = 3;
  private static final int OUTCOMES = 60;

  private static TagStore on(SimulatedHost host) throws IOException {
    return new DirectoryTagStore(host.directory("/tags"));
  }

  /**
   * Stores states until the machine stops; returns the last one of which the store said that it is
   * kept.
   */
  private static int work(TagStore store) throws IOException {
    int kept = 0;
    try {
      for (int i = 1; i <= STATES; i++) {
        assertThat(store.compareAndSet("v", i == 1 ? null : tag(i - 1), state(i))).isTrue();
        kept = i;
      }
    } catch (SimulatedCrash e) {
      // As planned.
    }
    return kept;
  }

  /** How often a crash lost a state that the store had promised to keep. */
  private static int losses(boolean ignoreSyncs, Operation.Kind ignored) throws IOException {
    var whole = new SimulatedHost().makeDirectories("/tags");
    work(on(whole));
    int losses = 0;
    for (long at = 1; at <= whole.changes() + 1; at++) {
      var host = new SimulatedHost().makeDirectories("/tags");
      host.crashAtChange(at);
      host.ignoreSyncs(operation -> ignoreSyncs && operation.kind() == ignored);
      int kept = work(on(host));
      for (int outcome = 0; outcome < OUTCOMES; outcome++) {
        SimulatedHost after = host.afterCrash(1000 * at + outcome);
        losses += isKept(after, kept, "crash at change " + at + ", outcome " + outcome) ? 0 : 1;
      }
    }
    return losses;
  }

  private static boolean isKept(SimulatedHost after, int kept, String where) throws IOException {
    Optional<TagState> found;
    try {
      found = on(after).load("v");
    } catch (IOException e) {
      return false;
    }
    int number = found.map(s -> (int) s.generation()).orElse(0);
    if (number != kept && number != kept + 1) {
      return false;
    }
    assertThat(found)
        .as(where)
        .isEqualTo(number == 0 ? Optional.empty() : Optional.of(state(number)));
    // The store works on.
    assertThat(on(after).compareAndSet("v", number == 0 ? null : tag(number), state(number + 1)))
        .as(where)
        .isTrue();
    assertThat(on(after.afterCrashLosingAll()).load("v")).as(where).contains(state(number + 1));
    return true;
  }

  @Test
  void noCrashLosesWhatWasPromised() throws IOException {
    assertThat(losses(false, Operation.Kind.SYNC)).isZero();
  }

  @Test
  void theTestNoticesAMissingSync() throws IOException {
    assertThat(losses(true, Operation.Kind.SYNC)).isPositive();
    assertThat(losses(true, Operation.Kind.SYNC_DIRECTORY)).isPositive();
  }

  @Test
  void aFailureLeavesTheOldOrTheNewState() throws IOException {
    var whole = new SimulatedHost().makeDirectories("/tags");
    work(on(whole));
    for (long at = 1; at <= whole.operations(); at++) {
      var host = new SimulatedHost().makeDirectories("/tags");
      host.failAt(at, () -> new IOException("Input/output error"));
      int kept = 0;
      try {
        kept = work(on(host));
      } catch (IOException e) {
        kept = on(host).load("v").map(s -> (int) s.generation()).orElse(0);
      }
      TagState next = state(kept + 1);
      assertThat(on(host).compareAndSet("v", kept == 0 ? null : tag(kept), next))
          .as("at %s", at)
          .isTrue();
      assertThat(on(host.afterCrashLosingAll()).load("v")).as("at %s", at).contains(next);
    }
  }
}
