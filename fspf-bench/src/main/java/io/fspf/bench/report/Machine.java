package io.fspf.bench.report;

import io.fspf.CryptoEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and when something was measured.
 *
 * @param date in UTC
 * @param processor its name, and how many cores this process may use
 * @param memory in GiB
 * @param system name and version of the operating system
 * @param fileSystem of the working directory
 * @param java name and version of the virtual machine
 * @param engine the crypto engine
 * @param load how many threads wanted a core in the last minute, ours and others; not above 0 where
 *     that is not known
 */
public record Machine(
    String date,
    String processor,
    long memory,
    String system,
    String fileSystem,
    String java,
    String engine,
    double load) {

  /**
   * This one, now.
   *
   * @param work a directory on the file system that is measured
   */
  public static Machine here(Path work) throws IOException {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
        fact("/proc/cpuinfo", "model name")
            + ", cores: "
            + Runtime.getRuntime().availableProcessors(),
        memoryGib(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Files.getFileStore(work).type(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        CryptoEngine.preferred().toString(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** One paragraph. */
  public String text() {
    return String.join(
        "; ",
        "Measured " + date,
        processor,
        memory + " GiB",
        system,
        fileSystem,
        java,
        "engine " + engine + (load > 0 ? "; load average " + Unit.digits(load) : ""));
  }

  private static long memoryGib() throws IOException {
    String kib = fact("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
    return kib.isEmpty() ? 0 : Math.round(Long.parseLong(kib) / (double) (1 << 20));
  }

  private static String fact(String file, String name) throws IOException {
    Path path = Path.of(file);
    List<String> lines = Files.isReadable(path) ? Files.readAllLines(path) : List.of();
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch", ""));
  }
}
