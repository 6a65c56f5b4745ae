package io.fspf.cas.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import io.fspf.VolumeKey;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.client.Configuration;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.session.Session;
import io.fspf.cas.wire.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No eight bytes of any key, be they raw, in hex or in base64, are in anything that leaves the
 * service or lies on its host: bodies of questions and answers, logs, messages of exceptions, and
 * every host file of the service and of the volumes.
 */
class KeyMarkerTest {
  private static final int WINDOW = 8;

  @TempDir private Path folder;

  /** What is searched for, by what it is. */
  private final Map<String, byte[]> secrets = new LinkedHashMap<>();

  /** What is searched, by where it was. */
  private final Map<String, byte[]> places = new LinkedHashMap<>();

  @Test
  void noPartOfAKeyIsAnywhere() throws Exception {
    var log = new Log();
    Logger root = Logger.getLogger("");
    root.addHandler(log);
    root.setLevel(Level.ALL);
    try (Blender blender = Blender.ready(folder)) {
      story(blender);
      try (Blender.Running program = blender.run("user")) {
        program.render();
      }
      int bodies = 0;
      for (byte[] body : blender.service.bodies()) {
        places.put("body " + bodies++, body);
      }
      assertThat(bodies).isGreaterThan(40);
    } finally {
      root.removeHandler(log);
      root.setLevel(Level.INFO);
    }
    places.put("log", log.text().getBytes(UTF_8));
    serviceKeys();
    hostFiles();
    assertThat(secrets).hasSizeGreaterThan(10);
    assertThat(places).containsKeys("host file cas/audit.log", "host file cas/state/fspf.pb");
    for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
      List<String> patterns = patterns(secret.getValue());
      places.forEach((where, bytes) -> assertFree(where, bytes, secret.getKey(), patterns));
    }
  }

  /** That the search finds what it is for. */
  @Test
  void theSearchFindsAKeyInAnyForm() {
    byte[] key = VolumeKey.generate().exportBytes();
    byte[] part = Arrays.copyOfRange(key, 7, 27);
    for (String text :
        List.of(
            new String(part, ISO_8859_1),
            BaseEncoding.base16().encode(part),
            BaseEncoding.base16().lowerCase().encode(part),
            BaseEncoding.base64().encode(part),
            BaseEncoding.base64Url().encode(part))) {
      assertThat(found(("some" + text + "thing").getBytes(ISO_8859_1), patterns(key)))
          .as(text)
          .isTrue();
    }
    assertThat(found(new byte[10_000], patterns(key))).isFalse();
  }

  /** Everything that the service can be asked, with refusals and a failure. */
  private void story(Blender blender) throws Exception {
    blender.deriveSession("other");
    CasClient user = blender.service.client("user");
    String drawn =
        """
        name: drawn
        %s
        services:
          - name: app
            image_name: img
            mrenclaves: [%s]
            environment: {PASSWORD: %s}
        images:
          - {name: img, volumes: [{name: made, path: /made}]}
        volumes:
          - {name: made, files: [{path: /secret, content: %s}]}
        """;
    byte[] password = VolumeKey.generate().exportBytes();
    byte[] content = VolumeKey.generate().exportBytes();
    secrets.put("variable", password);
    secrets.put("content of a file", content);
    String first = BaseEncoding.base16().lowerCase().encode(password);
    String second = BaseEncoding.base16().lowerCase().encode(content);
    var hash =
        user.create(
            Session.read(drawn.formatted("digest: create", Blender.MEASUREMENT, first, second)));
    try (Configuration got =
        blender.service.program().attest("drawn/app", blender.program(Blender.MEASUREMENT))) {
      assertThat(got.environment()).containsEntry("PASSWORD", first);
      assertThat(got.mounts().get(0).files()).containsEntry("/secret", second);
      secrets.put("drawn key", got.mounts().get(0).key().orElseThrow().exportBytes());
      places.put("receipt", got.receipt().getBytes(UTF_8));
      places.put("configuration", (got + " " + got.mounts()).getBytes(UTF_8));
    }
    var unused =
        user.update(
            Session.read(
                drawn.formatted("predecessor: " + hash, Blender.MEASUREMENT, first, second)));
    for (String session : List.of("user", "drawn")) {
      places.put("shown session " + session, user.read(session).document().getBytes(UTF_8));
    }
    refused("creator reads", () -> blender.creator.read("user"));
    refused("again", () -> user.create(Session.read("name: drawn")));
    refused(
        "other program",
        () -> blender.run("user", blender.program(Blender.OTHER_MEASUREMENT), "user"));
    for (String name :
        List.of(
            "usr",
            "user" + Blender.INPUTS,
            "user" + Blender.OUTPUTS,
            "other" + Blender.INPUTS,
            "other" + Blender.OUTPUTS)) {
      secrets.put("volume key of " + name, blender.key(name).exportBytes());
    }
  }

  private void refused(String what, ThrowingCallable how) {
    assertThatThrownBy(how)
        .isInstanceOf(RefusedException.class)
        .satisfies(e -> places.put("message: " + what, e.toString().getBytes(UTF_8)));
  }

  /** Those of the service itself, and what it keeps for programs. */
  private void serviceKeys() throws IOException {
    secrets.put("key of the state", VolumeKey.parse(TestService.STATE_KEY).exportBytes());
    try (Records records =
        Records.open(
            TestService.home(folder).resolve("state"),
            TestService.keys(),
            TestService.freshness(folder))) {
      Message self = records.get(Kind.SERVICE, "self").orElseThrow();
      secrets.put("service's sealing key", self.bytes("sealingKey"));
      secrets.put("service's signing key", scalar(self.bytes("key")));
      int grants = 0;
      for (Message grant : records.all(Kind.GRANT)) {
        secrets.put("grant " + grants++, grant.bytes("key"));
      }
      assertThat(grants).isGreaterThan(1);
    }
  }

  /** The 32 bytes of a P-256 private key in PKCS #8: the first octet string of that length. */
  private static byte[] scalar(byte[] pkcs8) {
    for (int at = 0; at + 34 <= pkcs8.length; at++) {
      if (pkcs8[at] == 4 && pkcs8[at + 1] == 32) {
        return Arrays.copyOfRange(pkcs8, at + 2, at + 34);
      }
    }
    throw new AssertionError("No private key");
  }

  private void hostFiles() throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        // Whose it is: a person's own key, and what a user has in clear at home.
        if (!name.endsWith(".pem") || name.startsWith("cas/")) {
          places.put("host file " + name, Files.readAllBytes(file));
        }
      }
    }
  }

  /** Each window of a secret in each form, short enough that parts of it are found too. */
  private static List<String> patterns(byte[] secret) {
    Set<String> patterns = new HashSet<>();
    for (int at = 0; at + WINDOW <= secret.length; at++) {
      byte[] window = Arrays.copyOfRange(secret, at, at + WINDOW);
      patterns.add(new String(window, ISO_8859_1));
      patterns.add(BaseEncoding.base16().encode(window));
      patterns.add(BaseEncoding.base16().encode(window).toLowerCase(Locale.ROOT));
      // Of nine bytes that begin with a group, twelve characters depend on nothing else.
      if (at + 9 <= secret.length) {
        byte[] groups = Arrays.copyOfRange(secret, at, at + 9);
        patterns.add(BaseEncoding.base64().encode(groups));
        patterns.add(BaseEncoding.base64Url().encode(groups));
      }
    }
    return new ArrayList<>(patterns);
  }

  private static boolean found(byte[] bytes, List<String> patterns) {
    String text = new String(bytes, ISO_8859_1);
    return patterns.stream().anyMatch(text::contains);
  }

  private static void assertFree(String where, byte[] bytes, String secret, List<String> patterns) {
    assertThat(found(bytes, patterns)).as("%s in %s", secret, where).isFalse();
  }

  /** All that is logged by anybody in this JVM. */
  private static final class Log extends Handler {
    private final StringBuilder text = new StringBuilder();
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public synchronized void publish(LogRecord record) {
      text.append(formatter.format(record));
    }

    synchronized String text() {
      return text.toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
