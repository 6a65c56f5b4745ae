package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SunJceWarmUpTest {
  private final Provider sunJce = Objects.requireNonNull(Security.getProvider("SunJCE"));
  private final SunJceWarmUp warmUp = new SunJceWarmUp(sunJce);

  @Test
  void helpsOnlyWhereSomethingLargeWasSlow() {
    int all = warmUp.burstsLeft();
    assertThat(all).isPositive();
    warmUp.observe(65536, 20_000);
    warmUp.observe(100, 1_000_000);
    warmUp.observe(0, 1_000_000);
    assertThat(warmUp.burstsLeft()).isEqualTo(all);
    warmUp.observe(65536, 1_000_000);
    assertThat(warmUp.burstsLeft()).isEqualTo(all - 1);
  }

  @Test
  void givesUpSomeTime() {
    for (int i = 0; i < 1000; i++) {
      warmUp.observe(65536, 1_000_000);
    }
    assertThat(warmUp.burstsLeft()).isZero();
  }
}
