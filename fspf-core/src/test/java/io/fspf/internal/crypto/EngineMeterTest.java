package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.EngineSpeed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EngineMeterTest {
  @Test
  void takesTheTimeThatItMayAndGivesARateForEachOperation() {
    for (Engine engine : Engines.available()) {
      long start = System.nanoTime();
      EngineSpeed speed = EngineMeter.measure(engine, Duration.ofMillis(200));
      // More only by one chunk of each operation, on a machine that is busy.
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(200), Duration.ofSeconds(10));
      assertThat(speed.seal()).as("%s seal", engine).isBetween(1e-4, 500.0);
      assertThat(speed.open()).as("%s open", engine).isBetween(1e-4, 500.0);
      assertThat(speed.gmac()).as("%s gmac", engine).isBetween(1e-4, 500.0);
      assertThat(speed.sha256()).as("%s sha256", engine).isBetween(1e-4, 500.0);
    }
  }

  @Test
  void oneChunkIsMeasuredInNoTime() {
    assertThat(EngineMeter.measure(Engines.preferred(), Duration.ZERO).seal()).isPositive();
  }
}
