package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.fspf.RootTag;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.session.Session;
import io.fspf.cas.wire.Credentials;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Questions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that is killed amid updates of tags: whatever it had answered is there when it is
 * opened again, and its audit log is whole.
 */
class CasKillTest {
  private static final int KILLS =
      Integer.getInteger("fspf.cas.kills", Boolean.getBoolean("fspf.slow") ? 200 : 30);

  /** Before most of the kills a few updates are made, so that the process is in their midst. */
  private static final int MAX_UPDATES = 8;

  @TempDir private Path folder;

  /**
   * The update that was answered last; the one before which the process was killed may be there
   * too.
   */
  private long answered;

  private long kept;
  private boolean created;

  @Test
  void noAnsweredUpdateIsLost() throws Exception {
    Cas.create(TestService.home(folder), TestService.keys(), TestService.freshness(folder));
    X509Certificate certificate =
        Credentials.certificate(TestService.home(folder).resolve(Cas.CERTIFICATE_FILE));
    Credentials owner = Credentials.file(folder.resolve("owner.pem"));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int kill = 0; kill < KILLS; kill++) {
      life(certificate, owner, random, "seed " + seed + ", life " + kill);
    }
    try (Cas cas =
        Cas.open(
            TestService.home(folder),
            TestService.keys(),
            TestService.freshness(folder),
            new Cas.Settings(ImmutableList.of(), true, Clock.systemUTC()))) {
      assertThat(cas.session("own")).isPresent();
      assertThat(cas.loadTag(owner.identity(), "own", "data").orElseThrow().generation())
          .isBetween(answered, answered + 1);
    }
    System.out.println(KILLS + " kills, " + kept + " updates answered and kept");
    assertThat(kept).isGreaterThan(KILLS);
    assertThat(Files.size(TestService.home(folder).resolve(Cas.AUDIT_FILE))).isPositive();
  }

  private void life(X509Certificate certificate, Credentials owner, Random random, String when)
      throws Exception {
    Process child =
        new ProcessBuilder(java()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
      String port = out.readLine();
      assertThat(port).as(when + ": the service opens").isNotNull();
      String address = "127.0.0.1:" + port;
      if (!created) {
        created = true;
        var unused =
            CasClient.of(
                    address,
                    TestService.home(folder).resolve(Cas.CERTIFICATE_FILE),
                    folder.resolve("owner.pem"))
                .create(
                    Session.read(
                        "name: own\nvolumes: [{name: data, fspf_key: %s, fspf_tag: %s}]\n"
                            .formatted(tag(1_000_000), tag(0))));
      }
      Door door = new Door(address, certificate, owner);
      long there = door.ask(Questions.LOAD_TAG, volume()).number("generation");
      assertThat(there).as(when).isBetween(answered, answered + 1);
      answered = there;
      var killer = new Killer(child, random);
      while (advance(door)) {
        kept++;
        answered++;
        killer.answered();
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  private static RootTag tag(long number) {
    return RootTag.parse(Hashing.sha256().hashLong(number).toString());
  }

  private static Message volume() {
    return Message.empty().with("session", "own").with("volume", "data");
  }

  /** Whether the next update was answered. */
  private boolean advance(Door door) throws InterruptedException {
    try {
      return door.ask(
              Questions.ADVANCE_TAG,
              volume()
                  .with("expected", tag(answered).toString())
                  .with("tag", tag(answered + 1).toString())
                  .with("generation", answered + 1))
          .flag("stored");
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills after some updates and some time, while the next ones are under way. */
  private static final class Killer {
    private final Process child;
    private final int updates;
    private final long delay;
    private int seen;

    Killer(Process child, Random random) {
      this.child = child;
      this.updates = 1 + random.nextInt(MAX_UPDATES);
      this.delay = random.nextInt(20_000_000);
    }

    void answered() {
      seen++;
      if (seen == updates) {
        Thread killer =
            new Thread(
                () -> {
                  long end = System.nanoTime() + delay;
                  while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                  // Not by the process, which would close its output as well.
                  var unused = child.toHandle().destroyForcibly();
                });
        killer.setDaemon(true);
        killer.start();
      }
    }
  }

  private List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        classPath(),
        ServingChild.class.getName(),
        folder.toString());
  }

  /** Whether this JVM uses modules or not. */
  private static String classPath() {
    Set<String> paths = new LinkedHashSet<>();
    paths.add(of(ServingChild.class));
    paths.add(of(Cas.class));
    for (String property : new String[] {"jdk.module.path", "java.class.path"}) {
      String value = System.getProperty(property);
      if (value != null) {
        paths.addAll(List.of(value.split(File.pathSeparator)));
      }
    }
    return String.join(File.pathSeparator, paths);
  }

  private static String of(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL url = Objects.requireNonNull(type.getResource("/" + file));
    String root = url.toString();
    return Path.of(URI.create(root.substring(0, root.length() - file.length()))).toString();
  }
}
