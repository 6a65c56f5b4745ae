package io.fspf.nio.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** What {@code Files} offers besides: the overloads that programs use without a thought. */
@SuppressWarnings("StreamResourceLeak") // What an open stream does is checked.
final class OverloadChecks {
  private OverloadChecks() {}

  static List<Check> all() {
    var checks = new Checks("files");
    contents(checks);
    copies(checks);
    return checks.list();
  }

  private static void contents(Checks checks) {
    checks
        .add(
            "write takes lines, character sets and options",
            dir -> {
              Path file = dir.resolve("f");
              Files.write(file, List.of("ä", "b"), ISO_8859_1);
              assertThat(Files.readAllBytes(file)).isEqualTo("ä\nb\n".getBytes(ISO_8859_1));
              Files.write(file, List.of("c"), APPEND);
              assertThat(Files.readAllLines(file, ISO_8859_1)).containsExactly("ä", "b", "c");
              Files.writeString(file, "d", ISO_8859_1, APPEND);
              assertThat(Files.readString(file, ISO_8859_1)).isEqualTo("ä\nb\nc\nd");
              Files.write(file, new byte[] {65}, CREATE);
              assertThat(Files.size(file)).isEqualTo(7); // CREATE alone truncates nothing.
              Files.write(file, new byte[] {65});
              assertThat(file).hasContent("A");
              assertThatThrownBy(() -> Files.write(file, new byte[1], CREATE_NEW))
                  .isInstanceOf(FileAlreadyExistsException.class);
            })
        .add(
            "text that is none in the character set is refused",
            dir -> {
              Path file = Files.write(dir.resolve("f"), new byte[] {(byte) 0xC3, 0x28});
              assertThatThrownBy(() -> Files.readString(file))
                  .isInstanceOf(CharacterCodingException.class);
              assertThatThrownBy(() -> Files.readAllLines(file))
                  .isInstanceOf(CharacterCodingException.class);
              assertThatThrownBy(() -> Files.writeString(dir.resolve("g"), "ä", US_ASCII))
                  .isInstanceOf(CharacterCodingException.class);
            })
        .add(
            "lines are read one after another, and in parallel",
            dir -> {
              var lines = new ArrayList<String>();
              for (int i = 0; i < 20_000; i++) {
                lines.add("line " + i);
              }
              Path file = Files.write(dir.resolve("f"), lines);
              try (var read = Files.lines(file)) {
                assertThat(read.skip(19_999)).containsExactly("line 19999");
              }
              try (var read = Files.lines(file, UTF_8)) {
                assertThat(read.parallel().mapToLong(String::length).sum())
                    .isEqualTo(lines.stream().mapToLong(String::length).sum());
              }
            })
        .add(
            "mismatch tells the first byte that differs",
            dir -> {
              byte[] content = Checks.random(100_000);
              Path one = Files.write(dir.resolve("a"), content);
              Path other = Files.write(dir.resolve("b"), content);
              assertThat(Files.mismatch(one, other)).isEqualTo(-1);
              content[70_000] ^= 1;
              Files.write(other, content);
              assertThat(Files.mismatch(one, other)).isEqualTo(70_000);
              Files.write(other, Checks.random(10));
              assertThat(Files.mismatch(one, one)).isEqualTo(-1);
              assertThat(Files.mismatch(Files.createFile(dir.resolve("c")), other)).isZero();
            })
        .add(
            "an input stream skips, tells what is available, and transfers the rest",
            dir -> {
              byte[] content = Checks.random(50_000);
              Path file = Files.write(dir.resolve("f"), content);
              try (var in = Files.newInputStream(file)) {
                assertThat(in.available()).isEqualTo(50_000);
                assertThat(in.skip(49_990)).isEqualTo(49_990);
                assertThat(in.available()).isEqualTo(10);
                var rest = new java.io.ByteArrayOutputStream();
                assertThat(in.transferTo(rest)).isEqualTo(10);
                assertThat(rest.toByteArray())
                    .isEqualTo(java.util.Arrays.copyOfRange(content, 49_990, 50_000));
                assertThat(in.read()).isEqualTo(-1);
              }
            })
        .add(
            "a buffered writer appends, and replaces",
            dir -> {
              Path file = Checks.file(dir, "f", "a");
              try (var out = Files.newBufferedWriter(file, APPEND)) {
                out.write("b");
              }
              assertThat(file).hasContent("ab");
              try (var out = Files.newBufferedWriter(file)) {
                out.write("c");
              }
              assertThat(file).hasContent("c");
            })
        .add(
            "an output stream replaces, and keeps what it does not reach with WRITE alone",
            dir -> {
              Path file = Checks.file(dir, "f", "abcdef");
              try (var out = Files.newOutputStream(file, WRITE)) {
                out.write('X');
              }
              assertThat(file).hasContent("Xbcdef");
              try (var out = Files.newOutputStream(file)) {
                out.write('Y');
              }
              assertThat(file).hasContent("Y");
              assertThatThrownBy(() -> Files.newOutputStream(file, READ))
                  .isInstanceOf(IllegalArgumentException.class);
            })
        .add(
            "deleteIfExists tells whether it was there",
            dir -> {
              assertThat(Files.deleteIfExists(Checks.file(dir, "f", "x"))).isTrue();
              assertThat(Files.deleteIfExists(dir.resolve("f"))).isFalse();
              Files.createDirectory(dir.resolve("d"));
              Checks.file(dir, "d/f", "x");
              assertThatThrownBy(() -> Files.deleteIfExists(dir.resolve("d")))
                  .isInstanceOf(DirectoryNotEmptyException.class);
            })
        .add(
            "what kind of file it is, through links and not",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path link = Files.createSymbolicLink(dir.resolve("l"), file.getFileName());
              assertThat(Files.isRegularFile(link)).isTrue();
              assertThat(Files.isRegularFile(link, NOFOLLOW_LINKS)).isFalse();
              assertThat(Files.isDirectory(dir, NOFOLLOW_LINKS)).isTrue();
              assertThat(Files.isSymbolicLink(dir.resolve("none"))).isFalse();
              assertThat(Files.isReadable(file)).isTrue();
              assertThat(Files.isWritable(file)).isTrue();
              assertThat(Files.isReadable(dir.resolve("none"))).isFalse();
            })
        .add(
            "temporary files of a directory have prefix, suffix and permissions",
            dir -> {
              Path file =
                  Files.createTempFile(
                      dir,
                      "pre",
                      ".suf",
                      PosixFilePermissions.asFileAttribute(
                          PosixFilePermissions.fromString("rw-------")));
              assertThat(String.valueOf(file.getFileName())).startsWith("pre").endsWith(".suf");
              assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
              assertThat(Files.createTempFile(dir, null, null)).isEmptyFile();
              assertThat(Files.createTempDirectory(dir, "d")).isEmptyDirectory();
            });
  }

  private static void copies(Checks checks) {
    checks
        .add(
            "a copy replaces a link itself, not what it leads to",
            dir -> {
              Path file = Checks.file(dir, "f", "new");
              Path target = Checks.file(dir, "t", "kept");
              Path link = Files.createSymbolicLink(dir.resolve("l"), target.getFileName());
              assertThatThrownBy(() -> Files.copy(file, link))
                  .isInstanceOf(FileAlreadyExistsException.class);
              Files.copy(file, link, StandardCopyOption.REPLACE_EXISTING);
              assertThat(Files.isSymbolicLink(link)).isFalse();
              assertThat(link).hasContent("new");
              assertThat(target).hasContent("kept");
            })
        .add(
            "a move replaces a link itself, not what it leads to",
            dir -> {
              Path target = Checks.file(dir, "t", "kept");
              Path link = Files.createSymbolicLink(dir.resolve("l"), target.getFileName());
              Files.move(Checks.file(dir, "f", "new"), link, StandardCopyOption.REPLACE_EXISTING);
              assertThat(Files.isSymbolicLink(link)).isFalse();
              assertThat(target).hasContent("kept");
            })
        .add(
            "a copy of a stream replaces only if it is told so, and not a full directory",
            dir -> {
              Path file = Checks.file(dir, "f", "old");
              var in = new ByteArrayInputStream(new byte[] {'n'});
              assertThatThrownBy(() -> Files.copy(in, file))
                  .isInstanceOf(FileAlreadyExistsException.class);
              assertThat(Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING)).isOne();
              assertThat(file).hasContent("n");
              assertThatThrownBy(() -> Files.copy(in, dir, StandardCopyOption.REPLACE_EXISTING))
                  .isInstanceOf(DirectoryNotEmptyException.class);
            })
        .add(
            "copy of a link to a directory copies the directory, or the link",
            dir -> {
              Files.createDirectory(dir.resolve("d"));
              Checks.file(dir, "d/f", "x");
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("d"));
              Files.copy(link, dir.resolve("copy"));
              assertThat(dir.resolve("copy")).isEmptyDirectory();
              assertThat(Files.isSymbolicLink(dir.resolve("copy"))).isFalse();
              Files.copy(link, dir.resolve("link"), NOFOLLOW_LINKS);
              assertThat(Files.readSymbolicLink(dir.resolve("link")).toString()).isEqualTo("d");
            })
        .add(
            "a move into a missing directory, or below a file, fails and leaves the file",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path other = Checks.file(dir, "g", "y");
              for (Path to : List.of(dir.resolve("none/f"), other.resolve("f"))) {
                assertThatThrownBy(() -> Files.move(file, to)).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> Files.move(file, to, StandardCopyOption.ATOMIC_MOVE))
                    .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> Files.copy(file, to)).isInstanceOf(IOException.class);
              }
              assertThat(file).hasContent("x");
            })
        .add(
            "an interruptible copy is a copy",
            dir -> {
              Path file = Files.write(dir.resolve("f"), Checks.random(100_000));
              // Of a module that need not be there.
              Object[] options =
                  Class.forName("com.sun.nio.file.ExtendedCopyOption").getEnumConstants();
              Path copy = Files.copy(file, dir.resolve("g"), (CopyOption) options[0]);
              assertThat(Files.mismatch(file, copy)).isEqualTo(-1);
            });
  }
}
