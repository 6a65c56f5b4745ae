package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import io.fspf.VolumeKeyException;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.Header;
import io.fspf.internal.format.MetadataSeal;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file whose header names another version or algorithm is refused, even if all that follows was
 * made for that very header: nothing is guessed, and there is no way back to something weaker.
 */
class DowngradeTest {
  /** A whole file behind a header, with every digest right. */
  private static MemoryFile whole(Header header) {
    Forge forge = new Forge(header);
    return forge.commit(forge.body(forge.node(Forge.leaf("a")))).file();
  }

  private static void refused(Header header, String reason) {
    for (TestVolume as : TestVolume.values()) {
      assertThatThrownBy(() -> as.open(whole(header)))
          .as("%s opened as %s", header, as)
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining(reason);
    }
  }

  @Test
  void theUnchangedFileOpens() throws IOException {
    assertThat(TestVolume.contents(TestVolume.CLEAR.open(whole(Forge.HEADER)).tree())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 9, 127, 128, 255, 256, 257, 65535, 65537, Integer.MAX_VALUE, -1})
  void everyOtherVersionIsRefused(int version) {
    refused(Forge.HEADER.toBuilder().setFormatVersion(version).build(), "version");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 5, 127, 128, 256, 257, 258, Integer.MAX_VALUE, -1})
  void everyUnknownSealIsRefused(int seal) {
    refused(Forge.HEADER.toBuilder().setMetadataSealValue(seal).build(), "seal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"FSPFv0\r\n", "FSPFv2\r\n", "FSPFv1\n\n", "fspfv1\r\n", "FSPFv1\r\n\0", ""})
  void everyOtherMagicIsRefused(String magic) {
    refused(Forge.HEADER.toBuilder().setMagic(ByteString.copyFromUtf8(magic)).build(), "");
  }

  /** The seal taken away, with and without what goes with it. */
  @Test
  void aSealedFileThatSaysItIsNotIsRefused() throws IOException {
    MemoryFile sealed = new MemoryFile();
    try (MetadataLog log = TestVolume.SEALED.create(sealed)) {
      TreeBuilder builder = log.builder();
      builder.add(TestVolume.bytes("k"), TestVolume.bytes("v"));
      var unused = log.commit(builder.finish(), TestVolume.FIELDS);
    }
    byte[] bytes = sealed.bytes();
    Header header = header(bytes);
    int length = headerLength(bytes);
    Header.Builder clear = header.toBuilder().setMetadataSeal(MetadataSeal.METADATA_SEAL_NONE);
    for (Header changed :
        new Header[] {
          clear.build(),
          clear.clone().clearSalt().build(),
          clear.clone().clearSalt().clearKeyCommitment().build(),
        }) {
      byte[] frame = Frames.of(0x0A, changed.toByteArray());
      byte[] file = Arrays.copyOf(frame, frame.length + bytes.length - length);
      System.arraycopy(bytes, length, file, frame.length, bytes.length - length);
      for (TestVolume as : TestVolume.values()) {
        assertThatThrownBy(() -> TestVolume.contents(as.open(new MemoryFile(file)).tree()))
            .as("opened as %s", as)
            .isInstanceOfAny(IntegrityException.class, VolumeKeyException.class);
      }
    }
  }

  /** The other way round: content in clear does not pass in a file that says it is sealed. */
  @Test
  void aFileInClearThatSaysItIsSealedIsRefused() {
    MetadataKeys keys =
        MetadataKeys.derive(
            CryptoContext.standard(),
            SecretBytes.copyOf(new byte[32]),
            TestVolume.SALT.toByteArray(),
            TestVolume.ID.toByteArray());
    Header header =
        Forge.HEADER.toBuilder()
            .setMetadataSeal(MetadataSeal.METADATA_SEAL_AES_256_GCM)
            .setSalt(TestVolume.SALT)
            .setKeyCommitment(ByteString.copyFrom(keys.commitment()))
            .build();
    assertThatThrownBy(() -> TestVolume.SEALED.open(whole(header)))
        .isInstanceOf(IntegrityException.class);
  }

  private static int headerLength(byte[] file) {
    // One byte of tag, and a length of one or two bytes.
    int size = file[1] >= 0 ? file[1] : (file[1] & 0x7F) | file[2] << 7;
    return size + (file[1] >= 0 ? 2 : 3);
  }

  private static Header header(byte[] file) throws IOException {
    int length = headerLength(file);
    int start = file[1] >= 0 ? 2 : 3;
    return Header.parseFrom(Arrays.copyOfRange(file, start, length));
  }
}
