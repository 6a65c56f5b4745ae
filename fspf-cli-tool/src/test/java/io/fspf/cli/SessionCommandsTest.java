package io.fspf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.gson.JsonObject;
import io.fspf.Freshness;
import io.fspf.VolumeKey;
import io.fspf.cas.service.Cas;
import io.fspf.cas.service.CasServer;
import io.fspf.key.KeyFiles;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions and identities on the command line: exit codes, members, and where keys may stand. */
class SessionCommandsTest {
  private static final String DIGITS = "0123456789".repeat(6) + "0123";

  @TempDir private Path directory;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Path document;

  @SuppressWarnings("NullAway.Init")
  private Path key;

  @BeforeEach
  void write() throws IOException {
    key = directory.resolve("key");
    KeyFiles.create(key).close();
    document =
        Files.writeString(
            directory.resolve("notes.yml"),
            """
            name: notes
            volumes:
              - name: v
                fspf_key: $KEY
                fspf_tag: $TAG
                export: "*"
            """);
  }

  private Run session(String... words) {
    return Run.of(Stream.concat(Stream.of("session"), Stream.of(words)).toArray(String[]::new));
  }

  private String[] values() {
    return new String[] {"-e", "KEY=@" + key, "-e", "TAG=" + DIGITS, document.toString()};
  }

  private static String[] all(String[] first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private String keyText() throws IOException {
    try (VolumeKey read = KeyFiles.read(key)) {
      var text = new ByteArrayOutputStream();
      read.writeHex(text);
      return text.toString(StandardCharsets.US_ASCII).strip();
    }
  }

  @Test
  void checkTellsOfMistakesWithTheirLinesAndWarns() throws IOException {
    Run right = session(all(new String[] {"check"}, values()));
    assertThat(right.exit()).isZero();
    assertThat(right.err())
        .isEqualTo(
            "fspf: the volume v is exported to every session: whoever can make one gets its key\n");
    assertThat(right.out()).startsWith("The session notes is well formed\nhash: ");
    String hash = session(all(new String[] {"hash"}, values())).out().strip();
    assertThat(right.out()).endsWith("hash: " + hash + "\n");
    JsonObject json = session(all(new String[] {"check", "--json", "-q"}, values())).json();
    assertThat(json.keySet())
        .containsExactly("session", "hash", "services", "images", "volumes", "warnings");
    assertThat(json.get("hash").getAsString()).isEqualTo(hash);

    Run noValue = session("check", "-e", "KEY=@" + key, document.toString());
    assertThat(noValue.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(noValue.err())
        .startsWith("fspf: " + document + ": line 5: the variable TAG has no value\n");
    Files.writeString(document, "name: notes\nvolumes:\n  - name: v\n    fspf_kye: x\n");
    Run unknown = session("check", document.toString());
    assertThat(unknown.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(unknown.err()).contains("line 4: unknown key 'fspf_kye'");
    assertThat(session("check", directory.resolve("none") + "").exit()).isEqualTo(ExitCodes.IO);
    assertThat(session().exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void keysComeByFilesOfTheirOwnersAndByTheEnvironmentOnly() throws IOException {
    String text = keyText();
    Run argument =
        session("check", "-e", "KEY=" + text, "-e", "TAG=" + DIGITS, document.toString());
    assertThat(argument.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(argument.err()).contains("say -e KEY=@FILE").doesNotContain(text);

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Run open = session(all(new String[] {"check"}, values()));
    assertThat(open.exit()).isEqualTo(ExitCodes.KEY);
    assertThat(open.err()).contains("can be read or changed by others");

    String[] words = {"session", "hash", "--use-env", document.toString()};
    Run environment =
        Run.with(false, Map.of("KEY", text, "TAG", DIGITS), terminal -> Main.run(terminal, words));
    assertThat(environment.exit()).isZero();
    assertThat(environment.out()).hasSize(65);
  }

  @Test
  void aServiceIsMadeOnceAndNeedsAKeyAndATagStore() {
    String cas = directory.resolve("cas").toString();
    String[] init = {
      "cas",
      "init",
      "--key-file",
      key.toString(),
      "--tag-store",
      "dir:" + directory.resolve("t"),
      cas
    };
    assertThat(Run.of("cas", "init", cas).exit()).isEqualTo(ExitCodes.KEY);
    assertThat(Run.of("cas", "init", "--key-file", key.toString(), cas).exit())
        .isEqualTo(ExitCodes.USAGE);
    Run made = Run.of(all(init, "--json"));
    assertThat(made.exit()).isZero();
    assertThat(made.json().keySet()).containsExactly("directory", "certificate", "identity");
    String identity = made.json().get("identity").getAsString();
    assertThat(Run.of("cas", "identity", cas + "/cas.pem").out())
        .isEqualTo("identity: " + identity + "\n");
    assertThat(Run.of(init).exit()).isEqualTo(ExitCodes.IO);
    assertThat(Run.of("cas", "serve", cas, "--listen", "nowhere", "--key-file", key + "").exit())
        .isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void anIdentityFileIsMadeForItsOwnerAlone() throws IOException {
    Path file = directory.resolve("me.pem");
    Run made = Run.of("cas", "identity", file.toString());
    assertThat(made.out()).startsWith("Made the identity file " + file);
    Run again = Run.of("cas", "identity", "--json", file.toString());
    assertThat(made.out())
        .endsWith("identity: " + again.json().get("identity").getAsString() + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Run.of("cas", "identity", file.toString()).exit()).isEqualTo(ExitCodes.IO);
  }

  /** A service in this process, and how its clients find it. */
  private List<String> service(CasServer server, String identity) {
    return List.of(
        "--cas", "127.0.0.1:" + server.address().getPort(),
        "--cas-certificate", directory.resolve("cas/cas.pem").toString(),
        "--identity", directory.resolve(identity).toString());
  }

  private Run ask(CasServer server, String identity, String... words) {
    return session(
        Stream.concat(Stream.of(words), service(server, identity).stream()).toArray(String[]::new));
  }

  @Test
  void sessionsAreCreatedReadVerifiedAndUpdated() throws IOException {
    for (String person : new String[] {"me.pem", "other.pem"}) {
      assertThat(Run.of("cas", "identity", directory.resolve(person).toString()).exit()).isZero();
    }
    var freshness =
        Freshness.store(TagStores.directory(directory.resolve("t")), TagPolicy.ROLLBACK_PROTECTED);
    Path own = Files.createDirectory(directory.resolve("cas"));
    var casKeys = KeyProviders.file(directory.resolve("cas.key"));
    var unused = Cas.create(own, casKeys, freshness);
    var settings = new Cas.Settings(ImmutableList.of(), true, Clock.systemUTC());
    try (Cas cas = Cas.open(own, casKeys, freshness, settings);
        CasServer server =
            CasServer.start(cas, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Run nobody = ask(server, "none.pem", all(new String[] {"create", "-q"}, values()));
      assertThat(nobody.exit()).isEqualTo(ExitCodes.IO);
      assertThat(nobody.err()).contains("fspf cas identity makes one");

      Run created = ask(server, "me.pem", all(new String[] {"create", "-q"}, values()));
      assertThat(created.exit()).as(created.err()).isZero();
      String hash = created.out().strip().replace("hash: ", "");
      Run twice = ask(server, "me.pem", all(new String[] {"create", "-q"}, values()));
      assertThat(twice.exit()).isEqualTo(ExitCodes.IO);
      assertThat(twice.err())
          .isEqualTo("fspf: There is a session notes already; update it instead\n");

      Run shown = ask(server, "me.pem", "read", "--json", "notes");
      assertThat(shown.json().keySet())
          .containsExactly("session", "hash", "creator", "tags", "document");
      assertThat(shown.json().get("hash").getAsString()).isEqualTo(hash);
      assertThat(shown.json().getAsJsonObject("tags").get("v").getAsString()).isEqualTo(DIGITS);
      assertThat(shown.out()).doesNotContain(keyText());
      Run stranger = ask(server, "other.pem", "read", "notes");
      assertThat(stranger.exit()).isEqualTo(ExitCodes.IO);
      assertThat(stranger.err()).contains("may not read session notes");

      assertThat(ask(server, "me.pem", all(new String[] {"verify"}, values())).exit()).isZero();
      Files.writeString(document, Files.readString(document) + "predecessor: $BEFORE\n");
      Run differs =
          ask(server, "me.pem", all(new String[] {"verify", "-e", "BEFORE=" + hash}, values()));
      assertThat(differs.exit()).isEqualTo(ExitCodes.VIOLATED);
      assertThat(differs.err()).contains("another version of session notes: its hash is " + hash);

      Run wrong =
          ask(server, "me.pem", all(new String[] {"update", "-e", "BEFORE=" + DIGITS}, values()));
      assertThat(wrong.exit()).isEqualTo(ExitCodes.IO);
      assertThat(wrong.err()).contains("needs 'predecessor: " + hash);
      Run updated =
          ask(server, "me.pem", all(new String[] {"update", "-e", "BEFORE=" + hash}, values()));
      assertThat(updated.exit()).as(updated.err()).isZero();

      // Whoever stands in the service's place without its key is not talked to.
      Path other = Files.createDirectory(directory.resolve("other"));
      var unusedToo =
          Cas.create(
              other,
              KeyProviders.file(directory.resolve("other.key")),
              Freshness.store(TagStores.memory(), TagPolicy.ROLLBACK_PROTECTED));
      Files.copy(
          other.resolve("cas.pem"),
          own.resolve("cas.pem"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Run impostor = ask(server, "me.pem", "read", "notes");
      assertThat(impostor.exit()).isEqualTo(ExitCodes.IO);
      assertThat(impostor.err()).contains("another key than the one that is expected");
    }
    Run gone =
        session(
            "read",
            "notes",
            "--cas",
            "127.0.0.1:1",
            "--cas-certificate",
            directory.resolve("cas/cas.pem").toString(),
            "--identity",
            directory.resolve("me.pem").toString());
    assertThat(gone.exit()).isEqualTo(ExitCodes.IO);
    assertThat(gone.err()).startsWith("fspf: The service at 127.0.0.1:1 cannot be asked");
    Run nowhere = session("read", "notes", "--identity", directory.resolve("me.pem").toString());
    assertThat(nowhere.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(nowhere.err()).contains("--cas=HOST:PORT").contains("FSPF_CAS");
  }
}
