package io.fspf.internal.volume;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fspf.VolumeOptions;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.format.KeySlot;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.tree.HeaderFields;
import io.fspf.internal.tree.MetadataLog;
import io.fspf.internal.tree.TreeOptions;
import io.fspf.key.NewKey;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new fspf file starts with, and the keys that go with it; whoever takes the keys over
 * closes it later.
 *
 * @param fields of the header
 * @param keys of the metadata, or null for a volume without a key
 */
record NewHeader(HeaderFields fields, @Nullable MetadataKeys keys) implements Closeable {
  private static final int VOLUME_ID_LENGTH = 16;

  /** That of a new volume. */
  static NewHeader ofNewVolume(VolumeEnvironment environment, VolumeOptions options)
      throws IOException {
    byte[] volumeId = environment.crypto().random().bytes(VOLUME_ID_LENGTH);
    return of(environment, options, ByteString.copyFrom(volumeId), null);
  }

  /** That of a file which is to replace another one under keys of its own. */
  static NewHeader ofSuccessor(
      VolumeEnvironment environment, VolumeOptions options, MetadataLog old) throws IOException {
    var predecessor = new HeaderFields.Predecessor(old.head().generation(), old.head().tag());
    return of(environment, options, old.header().volumeId(), predecessor);
  }

  private static NewHeader of(
      VolumeEnvironment environment,
      VolumeOptions options,
      ByteString volumeId,
      HeaderFields.@Nullable Predecessor predecessor)
      throws IOException {
    if (options.keys().isEmpty()) {
      return new NewHeader(
          new HeaderFields(volumeId, ByteString.EMPTY, List.of(), predecessor), null);
    }
    byte[] id = volumeId.toByteArray();
    byte[] salt = environment.crypto().random().bytes(MetadataKeys.SALT_LENGTH);
    try (NewKey key = options.keys().get().create(id);
        SecretBytes secret = SecretBytes.moveFrom(key.key().exportBytes())) {
      return new NewHeader(
          new HeaderFields(volumeId, ByteString.copyFrom(salt), slots(key), predecessor),
          MetadataKeys.derive(environment.crypto(), secret, salt, id));
    }
  }

  private static List<KeySlot> slots(NewKey key) throws InvalidProtocolBufferException {
    var slots = new ArrayList<KeySlot>();
    for (io.fspf.key.KeySlot slot : key.keySlots()) {
      slots.add(KeySlot.parseFrom(slot.toBytes()));
    }
    return slots;
  }

  /** Starts a file, new and empty, with it. */
  MetadataLog start(HostFile file, TreeOptions options) throws IOException {
    return MetadataLog.create(file, fields, keys, options);
  }

  /** Wipes the keys. */
  @Override
  public void close() {
    if (keys != null) {
      keys.close();
    }
  }
}
