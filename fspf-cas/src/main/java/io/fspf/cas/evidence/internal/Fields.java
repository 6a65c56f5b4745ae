package io.fspf.cas.evidence.internal;

import io.fspf.cas.evidence.EvidenceException;
import java.util.Arrays;

/** Reads the little-endian fields of one structure in order; no length is believed unchecked. */
public final class Fields {
  private final String what;
  private final byte[] bytes;
  private final int end;
  private int at;

  /** The fields of a structure whose name stands in messages. */
  public Fields(String what, byte[] bytes) {
    this(what, bytes, 0, bytes.length);
  }

  private Fields(String what, byte[] bytes, int from, int end) {
    this.what = what;
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - at;
  }

  /** The next bytes, copied. */
  public byte[] take(long length) throws EvidenceException {
    int from = pass(length);
    return Arrays.copyOfRange(bytes, from, at);
  }

  /** The next bytes as a structure of its own. */
  public Fields part(String name, long length) throws EvidenceException {
    int from = pass(length);
    return new Fields(name, bytes, from, at);
  }

  /** The next byte. */
  public int u8() throws EvidenceException {
    return bytes[pass(1)] & 0xff;
  }

  /** The next two bytes. */
  public int u16() throws EvidenceException {
    return (int) little(2);
  }

  /** The next four bytes. */
  public long u32() throws EvidenceException {
    return little(4);
  }

  /** The next eight bytes, as they stand in a long. */
  public long u64() throws EvidenceException {
    return little(8);
  }

  /** Refuses anything but zeros in the next bytes. */
  public void zeros(long length) throws EvidenceException {
    int from = pass(length);
    for (int i = from; i < at; i++) {
      if (bytes[i] != 0) {
        throw new EvidenceException(what + ": reserved bytes are not zero");
      }
    }
  }

  /** Refuses anything after what was read. */
  public void requireEnd() throws EvidenceException {
    if (at != end) {
      throw new EvidenceException(what + ": " + remaining() + " bytes too many");
    }
  }

  private long little(int length) throws EvidenceException {
    int from = pass(length);
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << Byte.SIZE | (bytes[from + i] & 0xff);
    }
    return value;
  }

  private int pass(long length) throws EvidenceException {
    if (length < 0 || length > remaining()) {
      throw new EvidenceException(what + ": " + (length - remaining()) + " bytes are missing");
    }
    int from = at;
    at += (int) length;
    return from;
  }
}
