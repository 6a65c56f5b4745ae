package io.fspf.internal.crypto;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine that computes anything wrong is found out before it is used. */
class SelfTestTest {
  /** What a broken engine does wrong. */
  private enum Fault {
    SEALS_OTHER_BYTES,
    OPENS_TO_OTHER_BYTES,
    OPENS_NOTHING,
    OPENS_EVERYTHING,
    IGNORES_ADDITIONAL_DATA,
    DIGESTS_WRONGLY
  }

  @Test
  void theSameProviderWithoutAFaultPasses() {
    assertThatCode(() -> SelfTest.run(engine(EnumSet.noneOf(Fault.class))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void everyFaultIsFound(Fault fault) {
    assertThatThrownBy(() -> SelfTest.run(engine(EnumSet.of(fault))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("self test failed");
  }

  private static Engine engine(Set<Fault> faults) {
    Provider provider = new BrokenProvider(faults);
    return new Engine(
        "broken",
        "1",
        provider,
        provider,
        Integer.MAX_VALUE - 15,
        null,
        new Nonces(RandomSource.system(), NonceObserver.NONE));
  }

  /** Bouncy Castle with faults. */
  private static final class BrokenProvider extends Provider {
    private static final long serialVersionUID = 1L;

    BrokenProvider(Set<Fault> faults) {
      super("Broken", "1", "with faults");
      putService(
          new Service(this, "Cipher", "AES/GCM/NoPadding", "BrokenCipher", null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
              return new BrokenCipher(faults);
            }
          });
      putService(
          new Service(this, "MessageDigest", "SHA-256", "BrokenDigest", null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) {
              return new BrokenDigest(faults.contains(Fault.DIGESTS_WRONGLY));
            }
          });
    }
  }

  private static final class BrokenDigest extends MessageDigestSpi {
    private final java.security.MessageDigest right =
        new org.bouncycastle.jcajce.provider.digest.SHA256.Digest();
    private final boolean wrong;

    BrokenDigest(boolean wrong) {
      this.wrong = wrong;
    }

    @Override
    protected void engineUpdate(byte input) {
      right.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      right.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      byte[] digest = right.digest();
      digest[31] ^= (byte) (wrong ? 1 : 0);
      return digest;
    }

    @Override
    protected int engineGetDigestLength() {
      return 32;
    }

    @Override
    protected void engineReset() {
      right.reset();
    }
  }

  private static final class BrokenCipher extends CipherSpi {
    private final Set<Fault> faults;
    private final Cipher right;
    private int mode;

    BrokenCipher(Set<Fault> faults) throws NoSuchAlgorithmException {
      this.faults = faults;
      try {
        this.right = Cipher.getInstance("AES/GCM/NoPadding", new BouncyCastleProvider());
      } catch (javax.crypto.NoSuchPaddingException e) {
        throw new NoSuchAlgorithmException(e);
      }
    }

    @Override
    protected void engineInit(
        int opmode, Key key, AlgorithmParameterSpec params, SecureRandom random)
        throws java.security.InvalidKeyException, java.security.InvalidAlgorithmParameterException {
      mode = opmode;
      right.init(opmode, key, params);
    }

    @Override
    protected void engineUpdateAAD(byte[] src, int offset, int len) {
      if (!faults.contains(Fault.IGNORES_ADDITIONAL_DATA)) {
        right.updateAAD(src, offset, len);
      }
    }

    @Override
    protected byte[] engineDoFinal(byte[] input, int inputOffset, int inputLen)
        throws AEADBadTagException {
      byte[] none = {};
      byte[] in = input == null ? none : input;
      boolean sealing = mode == Cipher.ENCRYPT_MODE;
      try {
        byte[] out = right.doFinal(in, inputOffset, inputLen);
        if (sealing && faults.contains(Fault.SEALS_OTHER_BYTES)) {
          out[0] ^= 1;
        }
        if (!sealing && faults.contains(Fault.OPENS_TO_OTHER_BYTES)) {
          out[0] ^= 1;
        }
        if (!sealing && faults.contains(Fault.OPENS_NOTHING)) {
          throw new AEADBadTagException("never");
        }
        return out;
      } catch (AEADBadTagException e) {
        if (faults.contains(Fault.OPENS_EVERYTHING)) {
          return Arrays.copyOfRange(in, inputOffset, inputOffset + inputLen - 16);
        }
        throw e;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected int engineDoFinal(
        byte[] input, int inputOffset, int inputLen, byte[] output, int outputOffset)
        throws AEADBadTagException {
      byte[] out = engineDoFinal(input, inputOffset, inputLen);
      System.arraycopy(out, 0, output, outputOffset, out.length);
      return out.length;
    }

    @Override
    protected int engineGetOutputSize(int inputLen) {
      return inputLen + 16;
    }

    @Override
    protected void engineSetMode(String wanted) {}

    @Override
    protected void engineSetPadding(String padding) {}

    @Override
    protected int engineGetBlockSize() {
      return 16;
    }

    @Override
    protected byte[] engineGetIV() {
      return right.getIV();
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
      return right.getParameters();
    }

    @Override
    protected void engineInit(int opmode, Key key, SecureRandom random) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void engineInit(
        int opmode, Key key, AlgorithmParameters params, SecureRandom random) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int inputOffset, int inputLen) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected int engineUpdate(
        byte[] input, int inputOffset, int inputLen, byte[] output, int outputOffset) {
      throw new UnsupportedOperationException();
    }
  }
}
