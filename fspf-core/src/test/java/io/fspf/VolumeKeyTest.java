package io.fspf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class VolumeKeyTest {
  private static final String HEX =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfeff";

  @Test
  void hexThereAndBack() throws IOException {
    VolumeKey key = VolumeKey.parse(HEX);
    assertThat(new String(key.exportHex())).isEqualTo(HEX);
    assertThat(VolumeKey.parse(HEX.toUpperCase(Locale.ROOT))).isEqualTo(key);
    assertThat(VolumeKey.parse(CharBuffer.wrap(HEX.toCharArray()))).isEqualTo(key);
    assertThat(VolumeKey.ofBytes(key.exportBytes())).isEqualTo(key);
    assertThat(key.exportBytes()).startsWith(0, 1, 2).endsWith(0xFE, 0xFF);
    var out = new ByteArrayOutputStream();
    key.writeHex(out);
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(HEX + "\n");
  }

  @Test
  void otherTextIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> VolumeKey.parse(HEX.substring(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("63")
        .hasMessageNotContaining("0506");
    assertThatThrownBy(() -> VolumeKey.parse(HEX + "0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VolumeKey.parse("")).isInstanceOf(IllegalArgumentException.class);
    for (char wrong : new char[] {'g', 'G', '/', ':', '@', '`', ' ', '\n', '\uFF11', '\u0661'}) {
      assertThatThrownBy(() -> VolumeKey.parse(HEX.substring(0, 63) + wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("character 64")
          .hasMessageNotContaining("0506");
    }
  }

  @Test
  void bytesAreCopiedAndCounted() {
    byte[] bytes = new byte[32];
    VolumeKey key = VolumeKey.ofBytes(bytes);
    bytes[0] = 1;
    key.exportBytes()[1] = 1;
    assertThat(key.exportBytes()).containsOnly(0);
    assertThatThrownBy(() -> VolumeKey.ofBytes(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void generatedKeysDiffer() {
    assertThat(VolumeKey.generate()).isNotEqualTo(VolumeKey.generate());
  }

  @Test
  void aKeyIsNeverPrinted() {
    VolumeKey key = VolumeKey.parse(HEX);
    assertThat(key).hasToString("VolumeKey[redacted]").isNotInstanceOf(Serializable.class);
    assertThat(key).hasSameHashCodeAs(VolumeKey.generate());
  }

  @Test
  void aDestroyedKeyIsGone() {
    VolumeKey key = VolumeKey.parse(HEX);
    VolumeKey copy = key.copy();
    assertThat(copy).isEqualTo(key);
    key.close();
    assertThat(key.isDestroyed()).isTrue();
    assertThat(copy).isNotEqualTo(key);
    assertThat(copy.isDestroyed()).isFalse();
    assertThatThrownBy(key::exportBytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::exportHex).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::copy).isInstanceOf(IllegalStateException.class);
  }
}
