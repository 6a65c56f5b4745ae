package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The status of a whole. */
class TcbStatusTest {
  @ParameterizedTest
  @EnumSource
  void isThatOfItsWorstParts(TcbStatus status) {
    assertThat(status.with(TcbStatus.UP_TO_DATE)).isEqualTo(status);
    assertThat(status.with(status)).isEqualTo(status);
    assertThat(status.with(TcbStatus.REVOKED)).isEqualTo(TcbStatus.REVOKED);
    for (TcbStatus other : TcbStatus.values()) {
      assertThat(status.with(other)).isEqualTo(other.with(status));
      assertThat(status.with(other)).isGreaterThanOrEqualTo(status);
    }
  }
}
