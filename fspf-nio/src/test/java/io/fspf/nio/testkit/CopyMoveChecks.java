package io.fspf.nio.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Every option of copying and moving. */
final class CopyMoveChecks {
  private CopyMoveChecks() {}

  private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);

  private static Path full(Path dir, String name) throws IOException {
    Path made = Files.createDirectory(dir.resolve(name));
    Checks.file(made, "inside", name);
    return made;
  }

  static List<Check> all() {
    var checks = new Checks("copy and move");
    copies(checks);
    moves(checks);
    return checks.list();
  }

  private static void copies(Checks checks) {
    checks
        .add(
            "copy makes another file of the same content",
            dir -> {
              byte[] content = Checks.random(1_500_000);
              Path file = Files.write(dir.resolve("f"), content);
              Path copy = Files.copy(file, dir.resolve("g"));
              Files.writeString(file, "changed");
              assertThat(Files.readAllBytes(copy)).isEqualTo(content);
            })
        .add(
            "copy replaces only if it is told so",
            dir -> {
              Path file = Checks.file(dir, "f", "new");
              Path target = Checks.file(dir, "g", "old");
              assertThatThrownBy(() -> Files.copy(file, target))
                  .isInstanceOf(FileAlreadyExistsException.class);
              assertThat(target).hasContent("old");
              Files.copy(file, target, REPLACE_EXISTING);
              assertThat(target).hasContent("new");
            })
        .add(
            "copy of a directory makes an empty one",
            dir -> {
              Files.copy(full(dir, "d"), dir.resolve("e"));
              assertThat(dir.resolve("e")).isEmptyDirectory();
            })
        .add(
            "copy does not replace a directory with something in it",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path target = full(dir, "d");
              assertThatThrownBy(() -> Files.copy(file, target, REPLACE_EXISTING))
                  .isInstanceOf(DirectoryNotEmptyException.class);
            })
        .add(
            "copy follows a link, or copies it",
            dir -> {
              Checks.file(dir, "f", "x");
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("f"));
              Files.copy(link, dir.resolve("g"));
              assertThat(Files.isSymbolicLink(dir.resolve("g"))).isFalse();
              Files.copy(link, dir.resolve("h"), NOFOLLOW_LINKS);
              assertThat(Files.readSymbolicLink(dir.resolve("h"))).hasToString("f");
            })
        .add(
            "COPY_ATTRIBUTES takes times, permissions and user attributes over",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw---x--x"));
              Files.setAttribute(
                  file, "user:a", "v".getBytes(java.nio.charset.StandardCharsets.UTF_8));
              Files.setLastModifiedTime(file, OLD);
              Path copy = Files.copy(file, dir.resolve("g"), COPY_ATTRIBUTES);
              assertThat(Files.getLastModifiedTime(copy)).isEqualTo(OLD);
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                  .isEqualTo("rw---x--x");
              assertThat((byte[]) Files.getAttribute(copy, "user:a")).isEqualTo(new byte[] {'v'});
            })
        .add(
            "copy keeps permissions and takes the present time",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
              Files.setLastModifiedTime(file, OLD);
              Path copy = Files.copy(file, dir.resolve("g"));
              assertThat(Files.getLastModifiedTime(copy)).isNotEqualTo(OLD);
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                  .isEqualTo("rwx------");
            })
        .add(
            "copy to itself does nothing",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.copy(file, file);
              Files.copy(file, Files.createLink(dir.resolve("l"), file));
              assertThat(file).hasContent("x");
            })
        .add(
            "copy of or to what is missing fails",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.copy(dir.resolve("none"), dir.resolve("g")))
                  .isInstanceOf(NoSuchFileException.class);
              assertThatThrownBy(() -> Files.copy(file, dir.resolve("none/g")))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "ATOMIC_MOVE is no option of a copy",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.copy(file, dir.resolve("g"), ATOMIC_MOVE))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatThrownBy(() -> Files.copy(file, dir.resolve("g"), (CopyOption) null))
                  .isInstanceOf(NullPointerException.class);
            })
        .add(
            "copies from and to streams",
            dir -> {
              Files.copy(new ByteArrayInputStream(new byte[] {'a', 'b'}), dir.resolve("f"));
              var out = new ByteArrayOutputStream();
              Files.copy(dir.resolve("f"), out);
              assertThat(out).hasToString("ab");
            });
  }

  private static void moves(Checks checks) {
    checks
        .add(
            "move gives a file another name",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Object key = Files.getAttribute(file, "fileKey");
              Files.createDirectory(dir.resolve("d"));
              Path moved = Files.move(file, dir.resolve("d/g"));
              assertThat(file).doesNotExist();
              assertThat(moved).hasContent("x");
              assertThat(Files.getAttribute(moved, "fileKey")).isEqualTo(key);
            })
        .add(
            "move replaces only if it is told so",
            dir -> {
              Path file = Checks.file(dir, "f", "new");
              Path target = Checks.file(dir, "g", "old");
              assertThatThrownBy(() -> Files.move(file, target))
                  .isInstanceOf(FileAlreadyExistsException.class);
              Files.move(file, target, REPLACE_EXISTING);
              assertThat(target).hasContent("new");
              assertThat(file).doesNotExist();
            })
        .add(
            "ATOMIC_MOVE replaces",
            dir -> {
              Path target = Checks.file(dir, "g", "old");
              Files.move(Checks.file(dir, "f", "new"), target, ATOMIC_MOVE);
              assertThat(target).hasContent("new");
            })
        .add(
            "a whole directory is moved",
            dir -> {
              Files.move(full(dir, "d"), dir.resolve("e"));
              assertThat(dir.resolve("e/inside")).hasContent("d");
              assertThat(dir.resolve("d")).doesNotExist();
            })
        .add(
            "a directory replaces an empty one, and no other",
            dir -> {
              Path source = full(dir, "d");
              Path target = full(dir, "e");
              assertThatThrownBy(() -> Files.move(source, target, REPLACE_EXISTING))
                  .isInstanceOf(DirectoryNotEmptyException.class);
              assertThatThrownBy(() -> Files.move(source, target, ATOMIC_MOVE))
                  .isInstanceOf(FileSystemException.class);
              Files.delete(target.resolve("inside"));
              Files.move(source, target, REPLACE_EXISTING);
              assertThat(target.resolve("inside")).hasContent("d");
            })
        .add(
            "ATOMIC_MOVE does not put a file for a directory, nor the other way",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Path made = Files.createDirectory(dir.resolve("d"));
              assertThatThrownBy(() -> Files.move(file, made, ATOMIC_MOVE))
                  .isInstanceOf(FileSystemException.class);
              assertThatThrownBy(() -> Files.move(made, file, ATOMIC_MOVE))
                  .isInstanceOf(FileSystemException.class);
              assertThat(file).hasContent("x");
            })
        .add(
            "a directory is not moved into itself",
            dir -> {
              Path made = full(dir, "d");
              assertThatThrownBy(() -> Files.move(made, made.resolve("e")))
                  .isInstanceOf(FileSystemException.class);
              assertThat(made.resolve("inside")).exists();
            })
        .add(
            "move takes a link, not its target",
            dir -> {
              Checks.file(dir, "f", "x");
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("f"));
              Files.move(link, dir.resolve("m"));
              assertThat(Files.isSymbolicLink(dir.resolve("m"))).isTrue();
              assertThat(dir.resolve("f")).exists();
            })
        .add(
            "move to itself does nothing",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.move(file, file);
              Files.move(file, file, REPLACE_EXISTING);
              assertThat(file).hasContent("x");
            })
        .add(
            "move of or to what is missing fails",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.move(dir.resolve("none"), dir.resolve("g")))
                  .isInstanceOf(NoSuchFileException.class);
              assertThatThrownBy(() -> Files.move(file, dir.resolve("none/g")))
                  .isInstanceOf(NoSuchFileException.class);
            })
        .add(
            "COPY_ATTRIBUTES is no option of a move",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              assertThatThrownBy(() -> Files.move(file, dir.resolve("g"), COPY_ATTRIBUTES))
                  .isInstanceOf(UnsupportedOperationException.class);
            })
        .add(
            "move keeps all attributes",
            dir -> {
              Path file = Checks.file(dir, "f", "x");
              Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-----wx"));
              Files.setLastModifiedTime(file, OLD);
              Path moved = Files.move(file, dir.resolve("g"));
              assertThat(Files.getLastModifiedTime(moved)).isEqualTo(OLD);
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(moved)))
                  .isEqualTo("rw-----wx");
            })
        .add(
            "files go to another file system and come back",
            dir -> {
              Path elsewhere = Files.createTempDirectory("fspf-check");
              try {
                byte[] content = Checks.random(100_000);
                Path file = Files.write(dir.resolve("f"), content);
                Files.setLastModifiedTime(file, OLD);
                Path out = Files.copy(file, elsewhere.resolve("f"), COPY_ATTRIBUTES);
                assertThat(Files.getLastModifiedTime(out)).isEqualTo(OLD);
                Path back = Files.move(out, dir.resolve("g"));
                assertThat(Files.readAllBytes(back)).isEqualTo(content);
                assertThat(out).doesNotExist();
              } finally {
                Files.deleteIfExists(elsewhere.resolve("f"));
                Files.delete(elsewhere);
              }
            });
  }
}
