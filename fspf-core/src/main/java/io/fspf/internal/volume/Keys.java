package io.fspf.internal.volume;

import com.google.common.primitives.Longs;
import io.fspf.IntegrityException;
import io.fspf.Name;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of the tree, as fspf.proto lays them out: inode, kind, rest. Those of a tree may be
 * anything that its writer, who may mean harm, took for a key.
 */
final class Keys {
  static final byte INODE = 0x01;
  static final byte ENTRY = 0x02;
  static final byte XATTR = 0x03;
  static final byte GROUP = 0x04;
  static final byte REGION = 0x10;
  static final byte PENDING = 0x11;
  static final byte ORPHAN = 0x12;

  private static final int PREFIX = 9;

  private Keys() {}

  static byte[] inode(long inode) {
    return prefix(inode, INODE);
  }

  static byte[] entry(long directory, Name name) {
    return named(directory, ENTRY, name);
  }

  static byte[] xattr(long inode, Name name) {
    return named(inode, XATTR, name);
  }

  static byte[] group(long inode, long group) {
    return numbered(inode, GROUP, group);
  }

  static byte[] region(int id) {
    return ByteBuffer.wrap(key(0, REGION, 4)).putInt(PREFIX, id).array();
  }

  static byte[] pending(long sequence) {
    return numbered(0, PENDING, sequence);
  }

  static byte[] orphan(long inode) {
    return numbered(0, ORPHAN, inode);
  }

  /** The first key of a kind below an inode, before all the others of that kind. */
  static byte[] prefix(long inode, byte kind) {
    return key(inode, kind, 0);
  }

  /** Whether the key is of that kind below that inode. */
  static boolean matches(byte[] key, long inode, byte kind) {
    return key.length >= PREFIX && key[PREFIX - 1] == kind && Longs.fromByteArray(key) == inode;
  }

  /** The kind of a key. */
  static byte kindOf(byte[] key) throws IntegrityException {
    return checked(key, key.length >= PREFIX)[PREFIX - 1];
  }

  /** The inode that a key belongs to. */
  static long inodeOf(byte[] key) throws IntegrityException {
    return Longs.fromByteArray(checked(key, key.length >= PREFIX));
  }

  /** The name at the end of a key. */
  static Name name(byte[] key) throws IntegrityException {
    byte[] rest = Arrays.copyOfRange(checked(key, key.length > PREFIX), PREFIX, key.length);
    try {
      return Name.ofBytes(rest);
    } catch (IllegalArgumentException e) {
      throw new IntegrityException(null, -1, "a record has an impossible name", e);
    }
  }

  /** The number at the end of a group's, a pending operation's or an orphan's key. */
  static long number(byte[] key) throws IntegrityException {
    return ByteBuffer.wrap(checked(key, key.length == PREFIX + 8), PREFIX, 8).getLong();
  }

  private static byte[] checked(byte[] key, boolean isRight) throws IntegrityException {
    if (!isRight) {
      throw new IntegrityException(null, -1, "the key of a record is malformed");
    }
    return key;
  }

  private static byte[] named(long inode, byte kind, Name name) {
    byte[] bytes = name.toBytes();
    byte[] key = key(inode, kind, bytes.length);
    System.arraycopy(bytes, 0, key, PREFIX, bytes.length);
    return key;
  }

  private static byte[] numbered(long inode, byte kind, long number) {
    return ByteBuffer.wrap(key(inode, kind, 8)).putLong(PREFIX, number).array();
  }

  /** A key with room for its rest. */
  private static byte[] key(long inode, byte kind, int rest) {
    byte[] key = new byte[PREFIX + rest];
    for (int i = 0; i < PREFIX - 1; i++) {
      key[i] = (byte) (inode >>> (56 - 8 * i));
    }
    key[PREFIX - 1] = kind;
    return key;
  }
}
