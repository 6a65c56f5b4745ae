package io.fspf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {
  @ParameterizedTest
  @ValueSource(strings = {"\0", "/data/\0", "data\0/more"})
  void aHostDirectoryThatNoHostCanHave(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> Region.encrypted(VolumePath.ROOT, host));
  }

  @Test
  void aHostDirectoryWithTooLongAName() {
    assertThat(Region.notProtected(VolumePath.ROOT, "x".repeat(Name.MAX_LENGTH))).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Region.notProtected(VolumePath.ROOT, "a/" + "x".repeat(Name.MAX_LENGTH + 1)));
  }
}
