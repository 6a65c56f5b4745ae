package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.wire.Message;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * What happened, one JSON object a line, in a file that everyone may read and only grows. Each line
 * names the SHA-256 of the line before; the service's state holds the last line and where it
 * stands, and is durable before the line is written. So a line that is missing, changed or added is
 * noticed when the service starts, and a crash loses none. No line holds a secret. Not thread-safe.
 */
final class AuditLog implements Closeable {
  private static final String STATE = "last";
  private static final HashCode NONE = HashCode.fromBytes(new byte[32]);

  private final FileChannel file;
  private final Records records;
  private long number;
  private long end;
  private HashCode last;
  private byte[] pending = new byte[0];

  private AuditLog(FileChannel file, Records records, long number, long end, HashCode last) {
    this.file = file;
    this.records = records;
    this.number = number;
    this.end = end;
    this.last = last;
  }

  /**
   * Opens the log, completes the last line where a crash cut it, and checks every line.
   *
   * @throws IOException if it is not the log that this state belongs to
   */
  static AuditLog open(Path path, Records records) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      var state = records.get(Records.Kind.AUDIT, STATE);
      if (state.isEmpty()) {
        if (file.size() != 0) {
          throw changed(path);
        }
        return new AuditLog(file, records, 0, 0, NONE);
      }
      byte[] line = state.get().bytes("line");
      long start = state.get().number("start");
      if (file.size() < start) {
        throw changed(path);
      }
      if (file.size() > start + line.length) {
        throw changed(path);
      }
      // The last line may not have come this far; the ones before were durable when it was
      // prepared.
      write(file, line, start);
      long number = state.get().number("number");
      HashCode last = Hashing.sha256().hashBytes(line);
      if (!Chain.check(file, number).equals(last)) {
        throw changed(path);
      }
      return new AuditLog(file, records, number, file.size(), last);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static IOException changed(Path path) {
    return new IOException(
        "The audit log " + path + " is not the one that the service wrote: it was changed or cut");
  }

  /** Reads lines that each name the one before. */
  private static final class Chain {
    static HashCode check(FileChannel file, long lines) throws IOException {
      file.position(0);
      var in = new BufferedInputStream(Channels.newInputStream(file));
      HashCode previous = NONE;
      for (long i = 1; i <= lines; i++) {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
          line.write(next);
          next = in.read();
        }
        line.write('\n');
        if (!follows(line.toByteArray(), i, previous)) {
          return NONE;
        }
        previous = Hashing.sha256().hashBytes(line.toByteArray());
      }
      return in.read() < 0 ? previous : NONE;
    }

    private static boolean follows(byte[] line, long number, HashCode previous) {
      try {
        Message message = Message.read(line);
        return message.number("number") == number
            && message.text("previous").equals(previous.toString());
      } catch (RefusedException e) {
        return false;
      }
    }
  }

  /** Puts a line into the state that is about to be committed. */
  void prepare(Instant time, String event, Message details) throws IOException {
    number++;
    Message line =
        Message.empty()
            .with("number", number)
            .with("time", time.toString())
            .with("event", event)
            .with("details", List.of(details))
            .with("previous", last.toString());
    pending = (line + "\n").getBytes(UTF_8);
    records.put(
        Records.Kind.AUDIT,
        STATE,
        Message.empty().with("number", number).with("start", end).with("line", pending));
    last = Hashing.sha256().hashBytes(pending);
  }

  /** Writes the line, now that the state is committed. */
  void complete() throws IOException {
    write(file, pending, end);
    end += pending.length;
  }

  private static void write(FileChannel file, byte[] line, long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      file.write(bytes, position + bytes.position());
    }
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
