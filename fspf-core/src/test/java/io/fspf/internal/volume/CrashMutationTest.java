package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.VolumePath;
import io.fspf.internal.file.EarlySlotReuse;
import io.fspf.internal.host.Operation;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The crash test fails when the implementation is wrong: each mutation of it is caught. */
class CrashMutationTest {
  private static final int SEEDS = 1000;

  /** A kind of sync that the implementation could have forgotten. */
  enum Forgotten {
    METADATA(operation -> isSync(operation) && name(operation).equals("fspf.pb")),
    OBJECTS(operation -> isSync(operation) && text(operation).contains("/objects/")),
    STAGED_FILES(operation -> isSync(operation) && text(operation).contains("/.fspf-staging/")),
    NAME_OF_THE_METADATA(
        operation -> isDirectorySync(operation) && text(operation).equals(VolumeBench.HOME)),
    NAMES_OF_OBJECTS(
        operation ->
            isDirectorySync(operation)
                && VolumePath.of(text(operation)).parent().name().toString().equals("objects")),
    NAMES_OF_SHARDS(operation -> isDirectorySync(operation) && name(operation).equals("objects")),
    NAMES_OF_STAGED_FILES(
        operation -> isDirectorySync(operation) && name(operation).equals(".fspf-staging")),
    NAMES_IN_AUTHENTICATED_REGIONS(
        operation ->
            isDirectorySync(operation)
                && !name(operation).equals(".fspf-staging")
                && (text(operation).startsWith("/v/sha")
                    || text(operation).startsWith("/elsewhere/gmac")));

    @SuppressWarnings("ImmutableEnumChecker") // The predicates have no state.
    private final Predicate<Operation> syncs;

    Forgotten(Predicate<Operation> syncs) {
      this.syncs = syncs;
    }

    private static boolean isSync(Operation operation) {
      return operation.kind() == Operation.Kind.SYNC;
    }

    private static boolean isDirectorySync(Operation operation) {
      return operation.kind() == Operation.Kind.SYNC_DIRECTORY;
    }

    private static String text(Operation operation) {
      return operation.path().toString();
    }

    private static String name(Operation operation) {
      return operation.path().name().toString();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aForgottenSyncIsNoticed(Forgotten forgotten) {
    assertThat(seedThatNotices(forgotten.syncs)).isPositive();
  }

  private static long seedThatNotices(Predicate<Operation> syncs) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        new CrashRun(seed).ignoring(syncs).run(CrashRun.Plan.random(60, 3));
      } catch (AssertionError e) {
        return seed;
      }
    }
    return -1;
  }

  /** A slot that is taken up again before the commit that let it go is durable. */
  @Test
  void anEarlyReuseOfSlotsIsNoticed() throws Exception {
    var mutants =
        new MutatingClassLoader("io.fspf.internal.file.SlotMap", "release", EarlySlotReuse.class);
    assertThat(search(mutants).applyAsLong(SEEDS)).isPositive();
  }

  /** The same machinery without an effect. */
  @Test
  void withoutAMutationNothingIsNoticed() throws Exception {
    var same =
        new MutatingClassLoader("io.fspf.internal.file.SlotMap", "nothing", EarlySlotReuse.class);
    assertThat(search(same).applyAsLong(30)).isNegative();
  }

  private static IntToLongFunction search(ClassLoader loader) throws Exception {
    return (IntToLongFunction)
        loader.loadClass(SeedSearch.class.getName()).getConstructor().newInstance();
  }
}
