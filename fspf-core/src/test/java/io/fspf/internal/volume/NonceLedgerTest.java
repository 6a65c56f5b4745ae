package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.Volume;
import org.junit.jupiter.api.Test;

/** The ledger sees what volumes encrypt, and a pair of key and nonce that comes twice. */
class NonceLedgerTest {
  @Test
  void aPairThatComesTwiceIsNoticed() {
    var ledger = new NonceLedger();
    byte[] key = new byte[16];
    ledger.used(key, new byte[12]);
    ledger.used(key, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    key[0] = 1;
    ledger.used(key, new byte[12]);
    assertThatThrownBy(() -> ledger.used(key, new byte[12])).isInstanceOf(AssertionError.class);
  }

  /** As it would be with a counter, or a source of chance that a clone of the machine shares. */
  @Test
  void volumesThatDrawTheSameNoncesAreNoticed() throws Exception {
    var ledger = new NonceLedger();
    new VolumeBench(1, true, ledger).create(VolumeBench.REGIONS).close();
    var again = new VolumeBench(1, true, ledger);
    assertThatThrownBy(
            () -> {
              try (Volume volume = again.create(VolumeBench.REGIONS)) {
                throw new IllegalStateException("Created " + volume.tag());
              }
            })
        .isInstanceOf(AssertionError.class);
  }
}
