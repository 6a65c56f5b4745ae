package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
  @Test
  void copiesWhatItIsGiven() {
    byte[] bytes = {1, 2, 3};
    SecretBytes secret = SecretBytes.copyOf(bytes);
    bytes[0] = 9;
    assertThat(secret.expose(byte[]::clone)).containsExactly(1, 2, 3);
    assertThat(SecretBytes.copyOf(new byte[] {1, 2, 3, 4, 5}, 1, 3))
        .isEqualTo(SecretBytes.copyOf(new byte[] {2, 3, 4}));
  }

  @Test
  void movingWipesTheSource() {
    byte[] bytes = {1, 2, 3};
    SecretBytes secret = SecretBytes.moveFrom(bytes);
    assertThat(bytes).containsOnly(0);
    assertThat(secret.expose(byte[]::clone)).containsExactly(1, 2, 3);
  }

  @Test
  void whatIsExposedIsACopyThatIsWipedAfterwards() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
    List<byte[]> kept = new ArrayList<>();
    String returned =
        secret.expose(
            bytes -> {
              kept.add(bytes);
              bytes[1] = 7;
              return "first " + bytes[0];
            });
    assertThat(returned).isEqualTo("first 1");
    assertThat(kept.get(0)).containsOnly(0);
    assertThat(secret.expose(byte[]::clone)).containsExactly(1, 2, 3);
    assertThatThrownBy(
            () ->
                secret.expose(
                    bytes -> {
                      kept.add(bytes);
                      throw new IllegalArgumentException();
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(kept.get(1)).containsOnly(0);
  }

  @Test
  void aDestroyedSecretIsGone() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
    SecretBytes copy = secret.copy();
    secret.close();
    assertThat(secret.isDestroyed()).isTrue();
    assertThat(secret.length()).isEqualTo(3);
    assertThatThrownBy(() -> secret.expose(byte[]::clone))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
    assertThat(List.of(secret)).contains(secret);
    assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[3]));
    assertThat(copy.isDestroyed()).isFalse();
    assertThat(copy.expose(byte[]::clone)).containsExactly(1, 2, 3);
  }

  @Test
  void equalityIsThatOfTheBytes() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
    assertThat(secret)
        .isEqualTo(SecretBytes.copyOf(new byte[] {1, 2, 3}))
        .hasSameHashCodeAs(SecretBytes.copyOf(new byte[] {1, 2, 3}))
        .isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 2, 4}))
        .isNotEqualTo(SecretBytes.copyOf(new byte[] {1, 2}))
        .isNotEqualTo("1, 2, 3");
  }

  @Test
  void neitherPrintedNorSerialized() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {0x41, 0x42});
    assertThat(secret.toString()).contains("redacted").doesNotContain("41", "65", "AB");
    assertThat(secret).isNotInstanceOf(Serializable.class);
    AesKey key = new AesKey(SecretBytes.copyOf(new byte[32]));
    assertThat(key).hasToString("AesKey[redacted]");
    assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key))
        .isInstanceOf(NotSerializableException.class);
  }

  /** What is wiped is the array itself, which a dump of the heap would show. */
  @Test
  void destroyingWipesTheBytesWhereTheyStand() throws ReflectiveOperationException {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
    var field = SecretBytes.class.getDeclaredField("bytes");
    field.setAccessible(true);
    byte[] bytes = (byte[]) field.get(secret);
    assertThat(bytes).containsExactly(1, 2, 3);
    secret.destroy();
    assertThat(bytes).containsOnly(0);
  }
}
