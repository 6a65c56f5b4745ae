package io.fspf.cas.evidence;

import com.google.common.base.Preconditions;
import com.google.common.primitives.Bytes;
import io.fspf.cas.evidence.dcap.DcapVerifier;
import io.fspf.cas.evidence.sev.SnpVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Has TDX or SEV-SNP sign for this guest, by Linux's configfs-tsm (since 6.7): a directory made
 * below {@code report} gets files of the kernel's; what is written to {@code inblob} stands in the
 * report that is read from {@code outblob}. Each report has a directory of its own, so threads and
 * processes do not meet. Tested on a directory that behaves so; untested on hardware. Thread-safe.
 */
public final class TsmAttester implements Attester {
  /** Where Linux has the directory. */
  public static final Path REPORTS = Path.of("/sys/kernel/config/tsm/report");

  /** Makes and removes directories whose files the kernel makes and removes. */
  interface Directories {
    void create(Path directory) throws IOException;

    void remove(Path directory) throws IOException;
  }

  private static final Directories CONFIGFS =
      new Directories() {
        @Override
        public void create(Path directory) throws IOException {
          Files.createDirectory(directory);
        }

        @Override
        public void remove(Path directory) throws IOException {
          Files.delete(directory);
        }
      };

  private final String format;
  private final String provider;
  private final boolean certificates;
  private final Path reports;
  private final Directories directories;

  private TsmAttester(
      String format, String provider, boolean certificates, Path reports, Directories directories) {
    this.format = format;
    this.provider = provider;
    this.certificates = certificates;
    this.reports = reports;
    this.directories = directories;
  }

  /** An attester of trust domains that makes directories below the given one. */
  public static TsmAttester tdx(Path reports) {
    return tdx(reports, CONFIGFS);
  }

  static TsmAttester tdx(Path reports, Directories directories) {
    return new TsmAttester(DcapVerifier.TDX, "tdx_guest", false, reports, directories);
  }

  /** An attester of SEV-SNP guests that makes directories below the given one. */
  public static TsmAttester sevSnp(Path reports) {
    return sevSnp(reports, CONFIGFS);
  }

  static TsmAttester sevSnp(Path reports, Directories directories) {
    return new TsmAttester(SnpVerifier.FORMAT, "sev_guest", true, reports, directories);
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public byte[] attest(byte[] reportData) throws IOException {
    Preconditions.checkArgument(
        reportData.length == VerifiedEvidence.REPORT_DATA_LENGTH, "Report data has 64 bytes");
    Path report = reports.resolve("fspf-" + UUID.randomUUID());
    directories.create(report);
    try {
      return attest(report, reportData);
    } finally {
      directories.remove(report);
    }
  }

  private byte[] attest(Path report, byte[] reportData) throws IOException {
    String signs = text(report.resolve("provider"));
    if (!signs.equals(provider)) {
      throw new IOException("Reports here are of \"" + signs + "\", not of " + provider);
    }
    long before = generation(report);
    PseudoFiles.write(report.resolve("inblob"), reportData);
    byte[] evidence = PseudoFiles.read(report.resolve("outblob"));
    if (certificates) {
      evidence = Bytes.concat(evidence, PseudoFiles.read(report.resolve("auxblob")));
    }
    // The kernel counts writes: one more than ours, and the report may be of someone else's data.
    if (generation(report) != before + 1) {
      throw new IOException("Someone else wrote to the report's files");
    }
    return evidence;
  }

  private static long generation(Path report) throws IOException {
    String number = text(report.resolve("generation"));
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw new IOException("Not a generation: " + number, e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(PseudoFiles.read(file), StandardCharsets.US_ASCII).strip();
  }

  /** Whether the directory is there. */
  public boolean available() {
    return Files.isDirectory(reports);
  }
}
