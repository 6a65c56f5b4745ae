package io.fspf.internal.volume;

import com.google.common.primitives.Longs;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.fspf.internal.format.ChunkGroup;
import io.fspf.internal.format.DirectoryEntry;
import io.fspf.internal.format.Inode;
import io.fspf.internal.format.Orphan;
import io.fspf.internal.format.PendingHostOperation;
import io.fspf.internal.format.Region;
import io.fspf.internal.tree.Choices;
import io.fspf.internal.tree.CommitFields;
import io.fspf.internal.tree.TreeEdits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes records of a volume as some bytes decide, knowing what messages they are: each input is
 * one hostile volume, and every volume that differs in a few records has an input.
 */
public final class RecordMutator {
  private static final String[] TEXTS = {
    "",
    ".",
    "..",
    "/",
    "a",
    "/sha",
    "/sha/dir",
    "/../../etc",
    "dir/../..",
    "a/b",
    "a\0b",
    "/.fspf-staging/x",
    "fspf.pb",
    "objects",
    "symlink"
  };

  private final HostileVolume volume;
  private final Choices choices;

  private RecordMutator(HostileVolume volume, byte[] input) {
    this.volume = volume;
    this.choices = new Choices(input);
  }

  /** Makes the volume that an input stands for, and uses it; says how much was refused. */
  public static int run(HostileVolume volume, byte[] input) throws IOException {
    RecordMutator mutator = new RecordMutator(volume, input);
    TreeEdits edits = mutator.edits();
    return volume.use(volume.with(edits, mutator.fields()));
  }

  private TreeEdits edits() throws IOException {
    TreeEdits edits = new TreeEdits();
    int count = 1 + choices.next(4);
    for (int i = 0; i < count; i++) {
      HostileVolume.Item record = volume.records().get(choices.next(volume.records().size()));
      switch (choices.next(8)) {
        case 0 -> edits.remove(record.key());
        case 1 -> edits.put(record.key(), choices.bytes());
        case 2 -> edits.put(key(record.key()), record.value());
        case 3 -> edits.put(key(record.key()), added());
        case 4 ->
            edits.put(
                record.key(), volume.records().get(choices.next(volume.records().size())).value());
        default -> edits.put(record.key(), changed(record));
      }
    }
    return edits;
  }

  private CommitFields fields() {
    CommitFields fields = volume.fields();
    return choices.next(4) != 0
        ? fields
        : new CommitFields(
            choices.number() & Long.MAX_VALUE,
            choices.number() & Long.MAX_VALUE,
            fields.directories(),
            fields.symlinks(),
            choices.number() & Long.MAX_VALUE,
            choices.next(2) == 0);
  }

  /** Another key, of the same inode or of another. */
  private byte[] key(byte[] key) {
    byte[] changed = key.clone();
    switch (choices.next(6)) {
      case 0 -> {
        return Arrays.copyOf(key, choices.next(key.length + 9));
      }
      case 1 -> changed[Math.min(8, changed.length - 1)] = (byte) choices.next(24);
      case 2 -> System.arraycopy(Longs.toByteArray(choices.number()), 0, changed, 0, 8);
      case 3 -> changed[changed.length - 1] = (byte) choices.next(256);
      case 4 -> {
        byte[] longer = Arrays.copyOf(key, 9 + 1 + choices.next(255));
        longer[longer.length - 1] = 'x';
        return longer;
      }
      default -> {
        return Keys.pending(choices.next(4));
      }
    }
    return changed;
  }

  private byte[] added() {
    return switch (choices.next(3)) {
      case 0 -> change(PendingHostOperation.getDefaultInstance(), 2).toByteArray();
      case 1 -> change(Orphan.getDefaultInstance(), 2).toByteArray();
      default -> change(Region.getDefaultInstance(), 3).toByteArray();
    };
  }

  private byte[] changed(HostileVolume.Item record) throws IOException {
    Message type = typeOf(record.key());
    if (type == null) {
      return choices.bytes();
    }
    return change(type.newBuilderForType().mergeFrom(record.value()).build(), 1).toByteArray();
  }

  private static @Nullable Message typeOf(byte[] key) throws IOException {
    return switch (Keys.kindOf(key)) {
      case Keys.INODE -> Inode.getDefaultInstance();
      case Keys.ENTRY -> DirectoryEntry.getDefaultInstance();
      case Keys.GROUP -> ChunkGroup.getDefaultInstance();
      case Keys.REGION -> Region.getDefaultInstance();
      case Keys.PENDING -> PendingHostOperation.getDefaultInstance();
      case Keys.ORPHAN -> Orphan.getDefaultInstance();
      default -> null;
    };
  }

  private Message change(Message message, int times) {
    Message.Builder builder = message.toBuilder();
    Descriptor type = message.getDescriptorForType();
    for (int i = 0; i < times + choices.next(2); i++) {
      FieldDescriptor field = type.getFields().get(choices.next(type.getFields().size()));
      if (choices.next(5) == 0) {
        builder.clearField(field);
      } else if (field.isRepeated()) {
        List<Object> values = new ArrayList<>((List<?>) builder.getField(field));
        int where = choices.next(values.size() + 1);
        if (where == values.size()) {
          values.add(choices.number());
        } else {
          values.set(where, choices.number());
        }
        builder.setField(field, values);
      } else {
        builder.setField(field, value(field, builder));
      }
    }
    return builder.build();
  }

  private Object value(FieldDescriptor field, Message.Builder builder) {
    return switch (field.getJavaType()) {
      case INT -> (int) choices.number();
      case LONG -> choices.number();
      case BOOLEAN -> choices.next(2) == 0;
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(choices.next(7));
      case BYTE_STRING -> bytes((ByteString) builder.getField(field));
      case MESSAGE -> change((Message) builder.getField(field), 1);
      default -> throw new AssertionError(field);
    };
  }

  private ByteString bytes(ByteString old) {
    return switch (choices.next(5)) {
      case 0 -> ByteString.copyFrom(choices.bytes());
      case 1 -> old.substring(0, choices.next(old.size() + 1));
      case 2 -> old.concat(ByteString.copyFrom(choices.bytes()));
      case 3 -> {
        byte[] changed = old.toByteArray();
        if (changed.length > 0) {
          changed[choices.next(changed.length)] ^= (byte) (1 << choices.next(8));
        }
        yield ByteString.copyFrom(changed);
      }
      default -> ByteString.copyFromUtf8(TEXTS[choices.next(TEXTS.length)]);
    };
  }
}
