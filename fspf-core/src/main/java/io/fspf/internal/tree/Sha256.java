package io.fspf.internal.tree;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;

/** SHA-256 (FIPS 180-4), and the comparison of digests in constant time. */
final class Sha256 {
  private Sha256() {}

  /** For bytes that come in pieces; good for one digest. */
  static Hasher hasher() {
    return Hashing.sha256().newHasher();
  }

  static byte[] of(byte[]... parts) {
    Hasher hasher = hasher();
    for (byte[] part : parts) {
      hasher.putBytes(part);
    }
    return hasher.hash().asBytes();
  }

  static ByteString digest(byte[] bytes) {
    return ByteString.copyFrom(of(bytes));
  }

  /** Whether two digests are equal; takes the same time wherever they differ. */
  static boolean equal(byte[] one, ByteString other) {
    return io.fspf.internal.crypto.Sha256.equal(one, other.toByteArray());
  }
}
