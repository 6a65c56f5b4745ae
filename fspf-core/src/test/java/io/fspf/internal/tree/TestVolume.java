package io.fspf.internal.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.BaseEncoding;
import com.google.protobuf.ByteString;
import io.fspf.internal.crypto.CryptoContext;
import io.fspf.internal.crypto.MetadataKeys;
import io.fspf.internal.crypto.SecretBytes;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes and opens logs for tests, in clear and sealed. */
enum TestVolume {
  CLEAR,
  SEALED;

  static final ByteString ID = ByteString.copyFrom("0123456789abcdef", UTF_8);
  static final ByteString SALT = ByteString.copyFrom(new byte[32]);
  static final CommitFields FIELDS = new CommitFields(1, 2, 3, 4, 5, false);

  /** Of a commit after which the writer goes on. */
  static final CommitFields OPEN = new CommitFields(1, 2, 3, 4, 5, true);

  static final TreeOptions OPTIONS =
      TreeOptions.defaults().withClock(() -> Instant.ofEpochSecond(1_800_000_000L, 5));

  HeaderFields fields() {
    return new HeaderFields(ID, this == CLEAR ? ByteString.EMPTY : SALT, List.of(), null);
  }

  @Nullable MetadataKeys keys() {
    return this == CLEAR
        ? null
        : MetadataKeys.derive(
            CryptoContext.standard(),
            SecretBytes.copyOf(new byte[32]),
            SALT.toByteArray(),
            ID.toByteArray());
  }

  MetadataLog create(HostFile file) throws IOException {
    return create(file, OPTIONS);
  }

  MetadataLog create(HostFile file, TreeOptions options) throws IOException {
    return MetadataLog.create(file, fields(), keys(), options);
  }

  MetadataLog open(HostFile file) throws IOException {
    return open(file, HeadChoice.last(), OPTIONS);
  }

  MetadataLog open(HostFile file, HeadChoice head, TreeOptions options) throws IOException {
    return MetadataLog.open(file, keys(), head, options);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static NavigableMap<byte[], byte[]> map() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  /** All records, in a form that can be compared. */
  static Map<String, String> contents(Tree tree) throws IOException {
    TreeMap<String, String> contents = new TreeMap<>();
    Cursor cursor = tree.cursor(new byte[0]);
    while (cursor.next()) {
      contents.put(hex(cursor.key()), hex(cursor.value()));
    }
    return contents;
  }

  static Map<String, String> contents(Map<byte[], byte[]> map) {
    TreeMap<String, String> contents = new TreeMap<>();
    map.forEach((key, value) -> contents.put(hex(key), hex(value)));
    return contents;
  }

  static String hex(byte[] bytes) {
    return BaseEncoding.base16().lowerCase().encode(bytes);
  }
}
