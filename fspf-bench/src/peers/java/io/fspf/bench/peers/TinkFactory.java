package io.fspf.bench.peers;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import io.fspf.bench.contender.Contender;
import io.fspf.bench.contender.Kind;
import io.fspf.bench.contender.PeerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** Makes streams of Tink's AES-256-GCM-HKDF in segments of 64 KiB, as volumes have chunks. */
public final class TinkFactory implements PeerFactory {
  private static final int SEGMENT = 64 << 10;
  private static final int KEY_SIZE = 32;

  @Override
  public Kind kind() {
    return Kind.TINK;
  }

  @Override
  public Contender create(Path directory) throws IOException {
    try {
      StreamingAeadConfig.register();
      AesGcmHkdfStreamingParameters parameters =
          AesGcmHkdfStreamingParameters.builder()
              .setKeySizeBytes(KEY_SIZE)
              .setDerivedAesGcmKeySizeBytes(KEY_SIZE)
              .setHkdfHashType(AesGcmHkdfStreamingParameters.HashType.SHA256)
              .setCiphertextSegmentSizeBytes(SEGMENT)
              .build();
      KeysetHandle key =
          KeysetHandle.newBuilder()
              .addEntry(
                  KeysetHandle.generateEntryFromParameters(parameters).withRandomId().makePrimary())
              .build();
      return new TinkContender(
          directory, key.getPrimitive(RegistryConfiguration.get(), StreamingAead.class));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
