package io.fspf.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.sshd.common.file.FileSystemFactory;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that know nothing of volumes work on one. */
class RealProgramsTest {
  @TempDir Path host;

  @Test
  void luceneIndexesSearchesAndReopens() throws IOException {
    var volumes = new TestVolumes(host);
    try (FileSystem volume = volumes.encrypted();
        Directory directory = new NIOFSDirectory(volume.getPath("/index"))) {
      for (int round = 0; round < 3; round++) {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
          for (int i = 0; i < 2000; i++) {
            var document = new Document();
            document.add(new StringField("id", round + "-" + i, Field.Store.YES));
            document.add(new StringField("kind", i % 7 == 0 ? "seventh" : "other", Field.Store.NO));
            writer.addDocument(document);
          }
          writer.deleteDocuments(new Term("id", round + "-7"));
          writer.commit();
        }
      }
      search(directory, 3 * 285);
    }
    try (FileSystem volume = volumes.open();
        Directory directory = new NIOFSDirectory(volume.getPath("/index"))) {
      search(directory, 3 * 285);
      try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
        writer.forceMerge(1);
      }
      search(directory, 3 * 285);
    }
  }

  private static void search(Directory directory, int expected) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      var searcher = new IndexSearcher(reader);
      assertThat(searcher.count(new TermQuery(new Term("kind", "seventh")))).isEqualTo(expected);
      assertThat(searcher.count(new TermQuery(new Term("id", "1-8")))).isEqualTo(1);
      assertThat(searcher.count(new TermQuery(new Term("id", "1-7")))).isZero();
    }
  }

  @Test
  void zipFilesAreMadeChangedAndRead() throws IOException {
    try (FileSystem volume = new TestVolumes(host).encrypted()) {
      Path file = volume.getPath("/a.zip");
      byte[] content = new byte[500_000];
      new java.util.Random(1).nextBytes(content);
      try (FileSystem zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
        Files.createDirectories(zip.getPath("/d/e"));
        Files.write(zip.getPath("/d/e/f"), content);
        Files.writeString(zip.getPath("/g"), "text");
      }
      try (FileSystem zip = FileSystems.newFileSystem(file)) {
        Files.delete(zip.getPath("/g"));
        Files.move(zip.getPath("/d/e/f"), zip.getPath("/h"));
      }
      try (FileSystem zip = FileSystems.newFileSystem(file)) {
        assertThat(Files.readAllBytes(zip.getPath("/h"))).isEqualTo(content);
        assertThat(Files.exists(zip.getPath("/g"))).isFalse();
      }
      // The JDK ends the inner URI at the first "!/".
      String inner = file.toUri().toString().replace("!/", "!%2F");
      try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + inner), Map.of())) {
        assertThat(Files.readAllBytes(zip.getPath("/h"))).isEqualTo(content);
      }
      try (var in = URI.create("jar:" + inner + "!/h").toURL().openStream()) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
    }
  }

  /** All 260 MiB of it, byte by byte and attribute by attribute. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theJdkGoesInAndComesOutUnchanged(boolean encrypted) throws IOException {
    Path jdk = Path.of(System.getProperty("java.home")).toRealPath();
    var expected = RealPrograms.described(jdk);
    assertThat(expected).hasSizeGreaterThan(300);
    var volumes = new TestVolumes(host.resolve("volume"));
    try (FileSystem volume = encrypted ? volumes.encrypted() : volumes.authenticated()) {
      RealPrograms.copyTree(jdk, volume.getPath("/jdk"));
    }
    try (FileSystem volume = volumes.open()) {
      Path inside = volume.getPath("/jdk");
      assertThat(RealPrograms.described(inside)).isEqualTo(expected);
      Path out = host.resolve("out");
      RealPrograms.copyTree(inside, out);
      assertThat(RealPrograms.described(out)).isEqualTo(expected);
      assertThat(RealPrograms.firstDifference(jdk, out)).isNull();
    }
    RealPrograms.deleteTree(host); // Its links lead out, at which the temporary directory wonders.
    Files.createDirectory(host);
  }

  @Test
  void anSftpServerServesTheOpenSshClient() throws Exception {
    boolean there =
        Files.isExecutable(Path.of("/usr/bin/sftp"))
            && Files.isExecutable(Path.of("/usr/bin/ssh-keygen"));
    assumeTrue(there, "there is no OpenSSH client (sftp, ssh-keygen) on this machine");
    Path key = host.resolve("id");
    assertThat(run("/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()))
        .isEmpty();
    byte[] content = new byte[3_000_000];
    new java.util.Random(9).nextBytes(content);
    Path local = Files.write(host.resolve("local"), content);
    try (FileSystem volume = new TestVolumes(host.resolve("v")).encrypted();
        SshServer server = SshServer.setUpDefaultServer()) {
      Files.createDirectory(volume.getPath("/home"));
      server.setHost("127.0.0.1");
      server.setPort(0);
      server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider(volume.getPath("/hostkey")));
      server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
      server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
      server.setFileSystemFactory(new OneVolume(volume));
      server.start();
      Path batch =
          Files.writeString(
              host.resolve("batch"),
              String.join(
                  "\n",
                  "mkdir /home/d",
                  "put -p " + local + " /home/d/a",
                  "rename /home/d/a /home/d/b",
                  "symlink b /home/d/l",
                  "chmod 600 /home/d/b",
                  "ls -l /home/d",
                  "get /home/d/l " + host.resolve("back"),
                  "rm /home/d/l",
                  ""));
      String output =
          run(
              "/usr/bin/sftp",
              "-q",
              "-b",
              batch.toString(),
              "-P",
              Integer.toString(server.getPort()),
              "-i",
              key.toString(),
              "-o",
              "StrictHostKeyChecking=no",
              "-o",
              "UserKnownHostsFile=/dev/null",
              "-o",
              "IdentitiesOnly=yes",
              "user@127.0.0.1");
      assertThat(host.resolve("back")).as(output).exists();
      assertThat(Files.readAllBytes(host.resolve("back"))).isEqualTo(content);
      assertThat(Files.readAllBytes(volume.getPath("/home/d/b"))).isEqualTo(content);
      assertThat(Files.getPosixFilePermissions(volume.getPath("/home/d/b"))).hasSize(2);
      assertThat(Files.exists(volume.getPath("/home/d/l"))).isFalse();
      server.stop();
    }
  }

  /** Every session sees the whole volume. */
  private record OneVolume(FileSystem volume) implements FileSystemFactory {
    @Override
    public Path getUserHomeDir(SessionContext session) {
      return volume.getPath("/home");
    }

    @Override
    public FileSystem createFileSystem(SessionContext session) {
      return new SharedFileSystem(volume);
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("It does not end: " + output);
    }
    return output;
  }
}
