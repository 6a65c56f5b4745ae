package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attesters on a directory that behaves as Gramine's and Linux's do: named pipes, behind which a
 * thread reads report data and hands out what a platform of the test's own signs.
 */
@Timeout(60)
class AttestersTest {
  private static final HashCode MEASUREMENT = Hashing.sha256().hashInt(1);
  private static final HashCode REPORT_DATA = Hashing.sha512().hashInt(1);

  /** What a platform makes of report data. */
  private interface Signer {
    byte[] sign(byte[] reportData);
  }

  @TempDir Path folder;

  private ExecutorService kernel;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() {
    // Nobody wakes a thread that waits for the other end of a pipe.
    kernel =
        Executors.newSingleThreadExecutor(
            new ThreadFactoryBuilder().setDaemon(true).setNameFormat("kernel").build());
  }

  @AfterEach
  void stop() {
    kernel.shutdownNow();
  }

  private static void pipe(Path path) throws IOException {
    try {
      int status = new ProcessBuilder("mkfifo", path.toString()).start().waitFor();
      assertThat(status).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Reads report data from one pipe, then writes evidence to the other. */
  private void serve(Path in, Path out, Signer signer, Runnable after) throws IOException {
    pipe(in);
    pipe(out);
    kernel.execute(
        () -> {
          try {
            byte[] reportData = Files.readAllBytes(in);
            received.add(reportData);
            after.run();
            Files.write(out, signer.sign(reportData));
          } catch (IOException e) {
            // The attester went away before it had read all: the test sees what it says.
            received.add(new byte[0]);
          }
        });
  }

  private static void put(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private GramineAttester gramine(Signer signer) throws IOException {
    put(folder.resolve("attestation_type"), "dcap");
    serve(folder.resolve("user_report_data"), folder.resolve("quote"), signer, () -> {});
    return new GramineAttester(folder);
  }

  @Test
  void gramineHandsOutQuotesThatVerify() throws Exception {
    TestDcap intel = new TestDcap();
    GramineAttester attester = gramine(data -> intel.sgxQuote(MEASUREMENT, data));
    assertThat(attester.available()).isTrue();
    byte[] evidence = attester.attest(REPORT_DATA.asBytes());
    assertThat(received.take()).isEqualTo(REPORT_DATA.asBytes());
    EvidenceVerifier verifier = intel.sgxVerifier();
    assertThat(attester.format()).isEqualTo(verifier.format());
    VerifiedEvidence verified = verifier.verify(evidence, intel.context());
    assertThat(verified.measurement()).isEqualTo(MEASUREMENT);
    assertThat(verified.reportData()).isEqualTo(REPORT_DATA);
  }

  @Test
  void gramineRefusesQuotesOfOtherReportData() throws Exception {
    TestDcap intel = new TestDcap();
    GramineAttester attester = gramine(data -> intel.sgxQuote(MEASUREMENT, new byte[64]));
    assertThatThrownBy(() -> attester.attest(REPORT_DATA.asBytes()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not of the report data");
  }

  @Test
  void gramineRefusesWhatIsLongerThanAnyQuote() throws Exception {
    GramineAttester attester = gramine(data -> new byte[1 << 17]);
    assertThatThrownBy(() -> attester.attest(REPORT_DATA.asBytes()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than");
  }

  @Test
  void gramineRefusesOtherKindsOfAttestation() {
    put(folder.resolve("attestation_type"), "none\n");
    GramineAttester attester = new GramineAttester(folder);
    assertThat(attester.available()).isFalse();
    assertThatThrownBy(() -> attester.attest(REPORT_DATA.asBytes()))
        .isInstanceOf(IOException.class)
        .hasMessage("Gramine attests by \"none\", not by dcap");
  }

  /** A kernel that makes files in new directories. */
  private TsmAttester.Directories configfs(
      String provider, Signer signer, String auxiliary, String generation) {
    return new TsmAttester.Directories() {
      @Override
      public void create(Path directory) throws IOException {
        Files.createDirectory(directory);
        put(directory.resolve("provider"), provider + "\n");
        put(directory.resolve("generation"), "0\n");
        put(directory.resolve("auxblob"), auxiliary);
        serve(
            directory.resolve("inblob"),
            directory.resolve("outblob"),
            signer,
            () -> put(directory.resolve("generation"), generation));
      }

      @Override
      public void remove(Path directory) throws IOException {
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    };
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void linuxHandsOutTdxQuotesThatVerify() throws Exception {
    TestDcap intel = new TestDcap();
    HashCode mrTd = Hashing.sha384().hashInt(1);
    TsmAttester attester =
        TsmAttester.tdx(
            folder, configfs("tdx_guest", data -> intel.tdxQuote(mrTd, data), "ignored", "1\n"));
    assertThat(attester.available()).isTrue();
    byte[] evidence = attester.attest(REPORT_DATA.asBytes());
    assertThat(received.take()).isEqualTo(REPORT_DATA.asBytes());
    EvidenceVerifier verifier = intel.tdxVerifier();
    assertThat(attester.format()).isEqualTo(verifier.format());
    assertThat(verifier.verify(evidence, intel.context()).reportData()).isEqualTo(REPORT_DATA);
    assertNothingLeft();
  }

  @Test
  void linuxHandsOutSnpReportsWithTheirCertificates() throws Exception {
    TestSev amd = new TestSev();
    HashCode digest = Hashing.sha384().hashInt(1);
    byte[] whole = amd.evidence(digest, REPORT_DATA.asBytes());
    String table = new String(whole, 1184, whole.length - 1184, StandardCharsets.ISO_8859_1);
    TsmAttester.Directories directories =
        configfs("sev_guest", data -> amd.report(digest, data), "", "1\n");
    TsmAttester attester =
        TsmAttester.sevSnp(
            folder,
            new TsmAttester.Directories() {
              @Override
              public void create(Path directory) throws IOException {
                directories.create(directory);
                Files.write(
                    directory.resolve("auxblob"), table.getBytes(StandardCharsets.ISO_8859_1));
              }

              @Override
              public void remove(Path directory) throws IOException {
                directories.remove(directory);
              }
            });
    byte[] evidence = attester.attest(REPORT_DATA.asBytes());
    EvidenceVerifier verifier = amd.verifier();
    assertThat(attester.format()).isEqualTo(verifier.format());
    assertThat(verifier.verify(evidence, amd.context()).reportData()).isEqualTo(REPORT_DATA);
    assertNothingLeft();
  }

  @Test
  void linuxRefusesReportsThatSomeoneElseWroteTo() throws Exception {
    TsmAttester attester = TsmAttester.tdx(folder, configfs("tdx_guest", data -> data, "", "2\n"));
    assertThatThrownBy(() -> attester.attest(REPORT_DATA.asBytes()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Someone else wrote");
    assertNothingLeft();
  }

  @Test
  void linuxRefusesOtherProviders() throws Exception {
    TsmAttester attester =
        TsmAttester.sevSnp(folder, configfs("tdx_guest", data -> data, "", "1\n"));
    assertThatThrownBy(() -> attester.attest(REPORT_DATA.asBytes()))
        .isInstanceOf(IOException.class)
        .hasMessage("Reports here are of \"tdx_guest\", not of sev_guest");
    assertNothingLeft();
  }

  @Test
  void linuxWithoutTheDirectoryHasNone() {
    TsmAttester attester = TsmAttester.tdx(folder.resolve("none"));
    assertThat(attester.available()).isFalse();
    assertThatThrownBy(() -> attester.attest(REPORT_DATA.asBytes()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void reportDataHas64Bytes() {
    byte[] shorter = Arrays.copyOf(REPORT_DATA.asBytes(), 63);
    assertThatThrownBy(() -> TsmAttester.tdx(folder).attest(shorter))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GramineAttester(folder).attest(shorter))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
