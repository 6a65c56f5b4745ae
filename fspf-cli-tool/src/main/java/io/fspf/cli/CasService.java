package io.fspf.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import io.fspf.Freshness;
import io.fspf.VolumeKeyException;
import io.fspf.cas.client.Identities;
import io.fspf.cas.decision.Identity;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.EvidenceFolder;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.SimulationVerifier;
import io.fspf.cas.service.Cas;
import io.fspf.cas.service.CasServer;
import io.fspf.key.KeyProvider;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The service in a process of its own. */
final class CasService {
  private CasService() {}

  static Report init(Path directory, Access access, Terminal terminal) throws IOException {
    Files.createDirectories(directory);
    Identity identity;
    try (KeyProvider keys = keys(access, terminal)) {
      identity = Cas.create(directory, keys, freshness(access));
    }
    Path certificate = directory.resolve(Cas.CERTIFICATE_FILE);
    return new Report()
        .member("directory", directory.toString())
        .member("certificate", certificate.toString())
        .member("identity", identity.toString())
        .note("Made a service in " + directory + "; its certificate is " + certificate)
        .line("identity: " + identity);
  }

  /** Serves until the process is told to end. */
  static Report serve(CasCommand.Serve command, Access access, Terminal terminal)
      throws IOException {
    InetSocketAddress listen = address(command);
    Report report;
    var told = new CountDownLatch(1);
    var ended = new CompletableFuture<Boolean>();
    try (KeyProvider keys = keys(access, terminal);
        Cas cas = Cas.open(command.directory(), keys, freshness(access), settings(command));
        CasServer server = CasServer.start(cas, listen)) {
      String at = listen.getHostString() + ":" + server.address().getPort();
      report =
          new Report()
              .member("directory", command.directory().toString())
              .member("address", at)
              .member("identity", cas.identity().toString())
              .line("Listening on " + at);
      // Java ends when its shutdown hooks do: this one waits for the closing.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> endInOrder(told, ended), "fspf-cas"));
      report.print(terminal.out(), access.common());
      terminal.out().check();
      told.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The service was interrupted");
    } catch (IOException | RuntimeException e) {
      ended.complete(false);
      throw e;
    }
    ended.complete(true);
    return report;
  }

  /** Lets the service close, and makes an ordinary end of what Java takes for a failure. */
  private static void endInOrder(CountDownLatch told, CompletableFuture<Boolean> ended) {
    told.countDown();
    if (ended.join()) {
      Runtime.getRuntime().halt(ExitCodes.OK);
    }
  }

  private static Cas.Settings settings(CasCommand.Serve command) throws IOException {
    var verifiers = ImmutableList.<EvidenceVerifier>builder();
    Path evidence = command.evidence();
    if (evidence != null) {
      try {
        verifiers.addAll(EvidenceFolder.ofVendors(evidence).verifiers());
      } catch (EvidenceException e) {
        throw new IOException("The folder " + evidence + ": " + e.getMessage(), e);
      }
    }
    if (!command.hardware()) {
      verifiers.add(new SimulationVerifier());
    }
    return new Cas.Settings(verifiers.build(), command.hardware(), Clock.systemUTC());
  }

  private static InetSocketAddress address(CasCommand.Serve command) throws IOException {
    try {
      HostAndPort listen = HostAndPort.fromString(command.listen());
      int port = listen.getPort();
      return new InetSocketAddress(InetAddress.getByName(listen.getHost()), port);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw command.wrongUse("--listen takes HOST:PORT, not " + command.listen());
    }
  }

  private static KeyProvider keys(Access access, Terminal terminal) throws IOException {
    return access
        .keys()
        .provider(terminal, access.common())
        .orElseThrow(
            () ->
                new VolumeKeyException(
                    "There is no key for the service's state: name a file with --key-file"
                        + " (cas init makes it if it does not exist) or --passphrase-file, or set"
                        + " FSPF_KEY"));
  }

  private static Freshness freshness(Access access) throws IOException {
    return access
        .tags()
        .stored()
        .orElseThrow(
            () ->
                access
                    .tags()
                    .wrongUse(
                        "Name a store with --tag-store: without one the host could put an old state"
                            + " of the service back, with old tags of every volume"));
  }

  static Report identity(Path file) throws IOException {
    boolean made = !Files.exists(file);
    Identity identity =
        made || Identities.isIdentity(file) ? Identities.of(file) : Identities.ofCertificate(file);
    var report =
        new Report().member("file", file.toString()).member("identity", identity.toString());
    if (made) {
      report.note("Made the identity file " + file + ". Keep it: its sessions know nobody else.");
    }
    return report.line("identity: " + identity);
  }
}
