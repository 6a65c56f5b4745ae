package io.fspf.tag;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.fspf.RootTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A command that keeps the states, in the manner of git's credential helpers; the protocol is told
 * at {@link TagStores#exec}.
 */
final class ExecTagStore implements TagStore {
  private static final int MAX_OUTPUT = 16 * 1024;

  private final ImmutableList<String> command;
  private final Duration timeout;

  ExecTagStore(List<String> command, Duration timeout) {
    if (command.isEmpty() || command.get(0).isEmpty()) {
      throw new IllegalArgumentException("No command");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("The timeout must be positive");
    }
    this.command = ImmutableList.copyOf(command);
    this.timeout = timeout;
  }

  @Override
  public Optional<TagState> load(String volume) throws IOException {
    TagNames.check(volume);
    Map<String, String> answer = call("get", "volume=" + volume + "\n");
    String state = value(answer, "state");
    if (state.equals("absent")) {
      return Optional.empty();
    }
    if (!state.equals("present")) {
      throw TagText.malformed(source(), "its state is neither present nor absent");
    }
    return Optional.of(TagText.state(answer.get("tag"), answer.get("generation"), source()));
  }

  @Override
  public boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
      throws IOException {
    TagNames.check(volume);
    String question =
        "volume=%s\nexpected=%s\ntag=%s\ngeneration=%d\n"
            .formatted(volume, expected == null ? "" : expected, next.tag(), next.generation());
    String result = value(call("cas", question), "result");
    if (!result.equals("stored") && !result.equals("conflict")) {
      throw TagText.malformed(source(), "its result is neither stored nor conflict");
    }
    return result.equals("stored");
  }

  private String source() {
    return "answer of the tag store's command " + command.get(0);
  }

  private String value(Map<String, String> answer, String key) throws IOException {
    String value = answer.get(key);
    if (value == null) {
      throw TagText.malformed(source(), "it lacks '" + key + "'");
    }
    return value;
  }

  private Map<String, String> call(String verb, String question) throws IOException {
    Process process =
        new ProcessBuilder(ImmutableList.<String>builder().addAll(command).add(verb).build())
            .start();
    try {
      FutureTask<byte[]> output = reader(process.getInputStream());
      FutureTask<byte[]> errors = reader(process.getErrorStream());
      long end = System.nanoTime() + timeout.toNanos();
      tell(process, "protocol=1\n" + question + "\n");
      byte[] answer = output.get(remaining(end), TimeUnit.NANOSECONDS);
      byte[] complaint = errors.get(remaining(end), TimeUnit.NANOSECONDS);
      if (!process.waitFor(remaining(end), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "The tag store's command %s %s failed with exit code %d: %s"
                .formatted(command.get(0), verb, process.exitValue(), firstLine(complaint)));
      }
      return parse(answer);
    } catch (TimeoutException e) {
      throw new IOException(
          "The tag store's command %s %s did not end within %d s"
              .formatted(command.get(0), verb, timeout.toSeconds()),
          e);
    } catch (ExecutionException e) {
      throw new IOException(
          "The tag store's command " + command.get(0) + " cannot be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while the tag store's command was running");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static long remaining(long end) {
    return Math.max(0, end - System.nanoTime());
  }

  private static void tell(Process process, String question) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(question.getBytes(UTF_8));
    } catch (IOException e) {
      // A command that does not read all of the question may know enough; its answer counts.
    }
  }

  private static FutureTask<byte[]> reader(InputStream from) {
    var task = new FutureTask<>(() -> readBounded(from));
    var thread = new Thread(task, "fspf-tag-store");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static byte[] readBounded(InputStream from) throws IOException {
    byte[] bytes = from.readNBytes(MAX_OUTPUT + 1);
    if (bytes.length > MAX_OUTPUT) {
      throw new IOException("more than " + MAX_OUTPUT + " bytes");
    }
    return bytes;
  }

  private Map<String, String> parse(byte[] answer) throws IOException {
    String text = new String(answer, UTF_8);
    int end = text.indexOf("\n\n");
    if (end < 0 && !text.endsWith("\n")) {
      throw TagText.malformed(source(), "it does not end with a line's end");
    }
    String whole = end < 0 ? text.substring(0, text.length() - 1) : text.substring(0, end);
    List<String> lines = Splitter.on('\n').splitToList(whole);
    return TagText.parse(lines, source());
  }

  private static String firstLine(byte[] complaint) {
    String text = new String(complaint, UTF_8).strip();
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.length() > 200 ? line.substring(0, 200) : line;
  }
}
