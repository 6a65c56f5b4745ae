package io.fspf.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  @Test
  void medianIsTheMiddleOrTheMeanOfBothInTheMiddle() {
    assertThat(Measurement.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Measurement.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
    assertThat(Measurement.median(List.of(7.0))).isEqualTo(7);
  }

  @Test
  void nothingMeasuredIsNoMeasurement() {
    assertThatThrownBy(() -> new Measurement("read", Map.of(), Unit.BYTES, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read");
  }

  @Test
  void figuresHaveThreeDigitsThatCount() {
    assertThat(Unit.BYTES.text(1e-9 / 12.345)).isEqualTo("12.3 GB/s");
    assertThat(Unit.BYTES.text(1e-9 / 1.2345)).isEqualTo("1.23 GB/s");
    assertThat(Unit.OPERATIONS.text(1.2345e-6)).isEqualTo("1.23 µs");
    assertThat(Unit.OPERATIONS.text(99.96e-6)).isEqualTo("100 µs");
    assertThat(Unit.OPERATIONS.text(0.0456)).isEqualTo("45.6 ms");
    assertThat(Unit.OPERATIONS.text(1234.5)).isEqualTo("1,235 s");
    assertThat(Unit.digits(0.0345)).isEqualTo("0.035");
    assertThat(Unit.digits(0.345)).isEqualTo("0.35");
  }
}
