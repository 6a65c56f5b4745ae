package io.fspf.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a set has measured, as it stands in its JSON file.
 *
 * @param set its name
 * @param measurements in the order in which tables show them
 */
public record Results(String set, Machine machine, List<Measurement> measurements) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Keeps a copy. */
  public Results {
    measurements = List.copyOf(measurements);
  }

  /** Those of one benchmark. */
  public List<Measurement> of(String benchmark) {
    return measurements.stream().filter(each -> each.benchmark().equals(benchmark)).toList();
  }

  /**
   * These, and those of an earlier run whose benchmarks this one has not measured.
   *
   * @param file as {@link #write} wrote it; there need be none
   */
  public Results over(Path file) throws IOException {
    if (!Files.exists(file)) {
      return this;
    }
    List<Measurement> all = new ArrayList<>(measurements);
    read(file).measurements().stream()
        .filter(each -> of(each.benchmark()).isEmpty())
        .forEach(all::add);
    return new Results(set, machine, all);
  }

  /** Writes them as JSON. */
  public void write(Path file) throws IOException {
    // Times stand on one line; a line for each would bury them.
    String json = GSON.toJson(this).replaceAll("(?<=[\\d\\[],?)\\n\\s+(?=[-\\d\\]])", " ");
    Files.writeString(file, json + "\n");
  }

  /** Reads what {@link #write} wrote. */
  public static Results read(Path file) throws IOException {
    try {
      return GSON.fromJson(Files.readString(file), Results.class);
    } catch (JsonParseException e) {
      throw new IOException(file + " holds no results", e);
    }
  }
}
