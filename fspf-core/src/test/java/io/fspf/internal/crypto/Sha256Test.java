package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Bytes;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the prefix, which binds a chunk to its place, is part of what is digested. */
class Sha256Test {
  static List<Engine> engines() {
    return Engines.available();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aPrefixIsDigestedBeforeTheData(Engine engine) {
    Sha256 sha256 = engine.sha256();
    byte[] prefix = RandomSource.system().bytes(64);
    byte[] data = RandomSource.system().bytes(1000);
    byte[] digest = new byte[40];
    sha256.digest(prefix, data, 10, 900, digest, 5);
    byte[] whole = Bytes.concat(prefix, java.util.Arrays.copyOfRange(data, 10, 910));
    assertThat(java.util.Arrays.copyOfRange(digest, 5, 37)).isEqualTo(sha256.digest(whole));
    assertThat(sha256.matches(digest, 5, prefix, data, 10, 900)).isTrue();
    for (int at : new int[] {0, 31, 63}) {
      prefix[at] ^= 1;
      assertThat(sha256.matches(digest, 5, prefix, data, 10, 900)).isFalse();
      prefix[at] ^= 1;
    }
    assertThat(sha256.matches(digest, 5, prefix, data, 11, 900)).isFalse();
    assertThat(sha256.matches(digest, 5, prefix, data, 10, 899)).isFalse();
  }
}
