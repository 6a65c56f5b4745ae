package io.fspf.internal.tree;

import com.google.protobuf.CodedOutputStream;
import io.fspf.internal.host.HostFile;
import java.io.IOException;
import java.util.Arrays;

/** Frames: a protobuf field's tag byte, the message's length as a varint, the message. */
final class Frames {
  private Frames() {}

  /** The length of the frame around a message of {@code message} bytes. */
  static int length(int message) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(message) + message;
  }

  /** Writes tag and length to the start of {@code frame}; returns where the message begins. */
  static int begin(byte[] frame, int tag, int message) {
    frame[0] = (byte) tag;
    return 1 + putVarint(frame, 1, message);
  }

  static int putVarint(byte[] into, int at, int value) {
    int i = at;
    while (value >= 0x80) {
      into[i++] = (byte) (value | 0x80);
      value >>>= 7;
    }
    into[i++] = (byte) value;
    return i - at;
  }

  /** A frame with this message. */
  static byte[] of(int tag, byte[] message) {
    byte[] frame = new byte[length(message.length)];
    int start = begin(frame, tag, message.length);
    System.arraycopy(message, 0, frame, start, message.length);
    return frame;
  }

  /**
   * Where the message begins if the bytes are exactly one frame with this tag and the shortest
   * length; otherwise -1.
   */
  static int messageStart(byte[] frame, int tag) {
    if (frame.length < 2 || (frame[0] & 0xFF) != tag) {
      return -1;
    }
    long message = 0;
    for (int i = 1; i < Math.min(frame.length, 6); i++) {
      message |= (long) (frame[i] & 0x7F) << (7 * (i - 1));
      if (frame[i] >= 0) {
        boolean shortest = i == 1 || frame[i] != 0;
        return shortest && message == (long) frame.length - i - 1 ? i + 1 : -1;
      }
    }
    return -1;
  }

  /** A private copy of a piece of the file, shorter if the file ends before. */
  static byte[] read(HostFile file, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    int there = file.read(offset, bytes, 0, length);
    return there == length ? bytes : Arrays.copyOf(bytes, there);
  }
}
