package io.fspf.nio.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Attributes by all their views. */
final class AttributeChecks {
  private AttributeChecks() {}

  private static final FileTime TIME =
      FileTime.from(Instant.ofEpochSecond(1_000_000_000, 123_456_789));

  private static <V extends FileAttributeView> V view(Path path, Class<V> type) {
    return Objects.requireNonNull(Files.getFileAttributeView(path, type));
  }

  static List<Check> all() {
    var checks = new Checks("attributes");
    basic(checks);
    posix(checks);
    user(checks);
    return checks.list();
  }

  private static void basic(Checks checks) {
    checks
        .add(
            "basic attributes tell kind, size and times",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              var attributes = Files.readAttributes(file, BasicFileAttributes.class);
              assertThat(attributes.isRegularFile()).isTrue();
              assertThat(attributes.isDirectory()).isFalse();
              assertThat(attributes.isSymbolicLink()).isFalse();
              assertThat(attributes.isOther()).isFalse();
              assertThat(attributes.size()).isEqualTo(3);
              assertThat(attributes.fileKey()).isNotNull();
              long now = System.currentTimeMillis();
              assertThat(attributes.lastModifiedTime().toMillis())
                  .isBetween(now - 60_000, now + 60_000);
              assertThat(attributes.creationTime().toMillis())
                  .isBetween(now - 60_000, now + 60_000);
            })
        .add(
            "attributes of a link, or of its target",
            dir -> {
              Checks.file(dir, "f", "abc");
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("f"));
              assertThat(Files.readAttributes(link, BasicFileAttributes.class).size()).isEqualTo(3);
              var own = Files.readAttributes(link, BasicFileAttributes.class, NOFOLLOW_LINKS);
              assertThat(own.isSymbolicLink()).isTrue();
              assertThat(own.size()).isEqualTo(1);
            })
        .add(
            "attributes of what is missing fail",
            dir ->
                assertThatThrownBy(
                        () -> Files.readAttributes(dir.resolve("x"), BasicFileAttributes.class))
                    .isInstanceOf(NoSuchFileException.class))
        .add(
            "times are set to the nanosecond",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              view(file, BasicFileAttributeView.class).setTimes(TIME, TIME, null);
              var attributes = Files.readAttributes(file, BasicFileAttributes.class);
              assertThat(attributes.lastModifiedTime()).isEqualTo(TIME);
              assertThat(attributes.lastAccessTime()).isEqualTo(TIME);
              view(file, BasicFileAttributeView.class).setTimes(null, null, null);
              assertThat(Files.getLastModifiedTime(file)).isEqualTo(TIME);
            })
        .add(
            "times before 1970 are kept",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              FileTime old = FileTime.from(Instant.ofEpochSecond(-1000));
              Files.setLastModifiedTime(file, old);
              assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
            })
        .add(
            "times of a directory and of a link are set",
            dir -> {
              Path made = Files.createDirectory(dir.resolve("d"));
              Files.setLastModifiedTime(made, TIME);
              assertThat(Files.getLastModifiedTime(made)).isEqualTo(TIME);
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("d"));
              Objects.requireNonNull(
                      Files.getFileAttributeView(
                          link, BasicFileAttributeView.class, NOFOLLOW_LINKS))
                  .setTimes(FileTime.fromMillis(0), null, null);
              assertThat(Files.getLastModifiedTime(made)).isEqualTo(TIME);
              assertThat(Files.getLastModifiedTime(link, NOFOLLOW_LINKS))
                  .isEqualTo(FileTime.fromMillis(0));
            })
        .add(
            "writing moves the time of the file, making a name that of the directory",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              Files.setLastModifiedTime(file, TIME);
              Files.setLastModifiedTime(dir, TIME);
              Files.writeString(file, "changed");
              assertThat(Files.getLastModifiedTime(file)).isGreaterThan(TIME);
              assertThat(Files.getLastModifiedTime(dir)).isEqualTo(TIME);
              Checks.file(dir, "g", "x");
              assertThat(Files.getLastModifiedTime(dir)).isGreaterThan(TIME);
            })
        .add(
            "reading does not move the modification time",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              Files.setLastModifiedTime(file, TIME);
              Files.readString(file);
              assertThat(Files.getLastModifiedTime(file)).isEqualTo(TIME);
            })
        .add(
            "attributes are read by name",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThat(Files.getAttribute(file, "size")).isEqualTo(3L);
              assertThat(Files.getAttribute(file, "basic:isRegularFile")).isEqualTo(true);
              assertThat(Files.readAttributes(file, "*"))
                  .containsOnlyKeys(
                      "size",
                      "creationTime",
                      "lastAccessTime",
                      "lastModifiedTime",
                      "isDirectory",
                      "isRegularFile",
                      "isSymbolicLink",
                      "isOther",
                      "fileKey");
              assertThat(Files.readAttributes(file, "size,lastModifiedTime")).hasSize(2);
              assertThat(Files.readAttributes(file, "posix:*"))
                  .containsKeys("permissions", "owner", "group", "size");
            })
        .add(
            "unknown names and views are refused",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThatThrownBy(() -> Files.getAttribute(file, "nonsense"))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.getAttribute(file, "nonsense:size"))
                  .isInstanceOf(UnsupportedOperationException.class);
              assertThatThrownBy(() -> Files.setAttribute(file, "size", 1L))
                  .isInstanceOf(IllegalArgumentException.class);
              assertThatThrownBy(() -> Files.setAttribute(file, "lastModifiedTime", "text"))
                  .isInstanceOf(ClassCastException.class);
            })
        .add(
            "attributes are set by name",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              Files.setAttribute(file, "basic:lastModifiedTime", TIME);
              Files.setAttribute(
                  file, "posix:permissions", PosixFilePermissions.fromString("r--------"));
              assertThat(Files.getLastModifiedTime(file)).isEqualTo(TIME);
              assertThat(Files.getAttribute(file, "posix:permissions"))
                  .isEqualTo(Set.of(PosixFilePermission.OWNER_READ));
            })
        .add(
            "views tell their names",
            dir -> {
              assertThat(view(dir, BasicFileAttributeView.class).name()).isEqualTo("basic");
              assertThat(view(dir, PosixFileAttributeView.class).name()).isEqualTo("posix");
              assertThat(view(dir, FileOwnerAttributeView.class).name()).isEqualTo("owner");
              assertThat(view(dir, UserDefinedFileAttributeView.class).name()).isEqualTo("user");
            });
  }

  private static void posix(Checks checks) {
    checks
        .add(
            "permissions are set and read",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-r--r--");
              for (String mode : List.of("---------", "rwxrwxrwx", "r-x-w--wx")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(mode);
              }
            })
        .add(
            "owner and group are those of the process, and have names",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThat(Files.getOwner(file).getName()).isEqualTo(System.getProperty("user.name"));
              var attributes = Files.readAttributes(file, PosixFileAttributes.class);
              assertThat(attributes.owner()).isEqualTo(Files.getOwner(file));
              assertThat(attributes.group().getName()).isNotEmpty();
            })
        .add(
            "owner and group are looked up by name and by number",
            dir -> {
              var lookup = dir.getFileSystem().getUserPrincipalLookupService();
              assertThat(lookup.lookupPrincipalByName("root").getName()).isEqualTo("root");
              assertThat(lookup.lookupPrincipalByGroupName("root")).hasToString("root");
              assertThat(lookup.lookupPrincipalByName("54321")).hasToString("54321");
              assertThatThrownBy(() -> lookup.lookupPrincipalByName("no such user"))
                  .isInstanceOf(UserPrincipalNotFoundException.class);
            })
        .add(
            "owner and group are set, by root to any",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              boolean root = System.getProperty("user.name").equals("root");
              int uid = root ? 54321 : (Integer) Files.getAttribute(file, "unix:uid");
              int gid = root ? 12345 : (Integer) Files.getAttribute(file, "unix:gid");
              var lookup = dir.getFileSystem().getUserPrincipalLookupService();
              var owner = lookup.lookupPrincipalByName(Integer.toString(uid));
              Files.setOwner(file, owner);
              assertThat(Files.getOwner(file)).isEqualTo(owner);
              var group = lookup.lookupPrincipalByGroupName(Integer.toString(gid));
              view(file, PosixFileAttributeView.class).setGroup(group);
              assertThat(Files.getAttribute(file, "posix:group")).isEqualTo(group);
              assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(uid);
              assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(gid);
            })
        .add(
            "unix attributes tell mode, inode, links and change time",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              assertThat((Integer) Files.getAttribute(file, "unix:mode")).isEqualTo(0100644);
              assertThat((Long) Files.getAttribute(file, "unix:ino")).isPositive();
              assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
              assertThat(Files.getAttribute(file, "unix:ctime")).isInstanceOf(FileTime.class);
              assertThat(Files.readAttributes(file, "unix:*"))
                  .containsKeys("uid", "gid", "dev", "rdev");
              Path link =
                  Files.createSymbolicLink(dir.resolve("l"), dir.getFileSystem().getPath("f"));
              assertThat((Integer) Files.getAttribute(link, "unix:mode", NOFOLLOW_LINKS))
                  .isEqualTo(0120777);
            })
        .add(
            "set-id and sticky bits are set by unix:mode",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              Files.setAttribute(file, "unix:mode", 04750);
              assertThat((Integer) Files.getAttribute(file, "unix:mode")).isEqualTo(0104750);
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rwxr-x---");
            })
        .add(
            "DOS attributes are kept",
            dir -> {
              assertThat(dir.getFileSystem().supportedFileAttributeViews()).contains("dos");
              Path file = Checks.file(dir, "f", "abc");
              DosFileAttributeView view = view(file, DosFileAttributeView.class);
              assertThat(view.name()).isEqualTo("dos");
              assertThat(view.readAttributes().isHidden()).isFalse();
              view.setHidden(true);
              view.setArchive(true);
              view.setReadOnly(true);
              view.setReadOnly(false);
              DosFileAttributes read = Files.readAttributes(file, DosFileAttributes.class);
              assertThat(read.isHidden()).isTrue();
              assertThat(read.isArchive()).isTrue();
              assertThat(read.isReadOnly()).isFalse();
              assertThat(read.size()).isEqualTo(3);
              Files.setAttribute(file, "dos:system", true);
              assertThat(Files.readAttributes(file, "dos:system,readonly,size"))
                  .containsOnlyKeys("system", "readonly", "size")
                  .containsEntry("system", true)
                  .containsEntry("readonly", false);
              Files.setAttribute(file, "dos:lastModifiedTime", FileTime.fromMillis(5000));
              assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(5000));
            })
        .add(
            "directories count their subdirectories as links",
            dir -> {
              Files.createDirectory(dir.resolve("a"));
              Files.createDirectory(dir.resolve("b"));
              assertThat((Integer) Files.getAttribute(dir, "unix:nlink")).isIn(1, 4);
            });
  }

  private static void user(Checks checks) {
    checks
        .add(
            "user attributes are written, listed, read and deleted",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              var view = view(file, UserDefinedFileAttributeView.class);
              assertThat(view.list()).isEmpty();
              assertThat(view.write("mime", Checks.bytes("text"))).isEqualTo(4);
              view.write("other", ByteBuffer.allocateDirect(0));
              assertThat(view.list()).containsExactlyInAnyOrder("mime", "other");
              assertThat(view.size("mime")).isEqualTo(4);
              ByteBuffer read = ByteBuffer.allocate(10);
              assertThat(view.read("mime", read)).isEqualTo(4);
              assertThat(Checks.text(read)).isEqualTo("text");
              view.delete("mime");
              assertThat(view.list()).containsExactly("other");
            })
        .add(
            "user attributes that are missing, or too large for the buffer, fail",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              var view = view(file, UserDefinedFileAttributeView.class);
              assertThatThrownBy(() -> view.size("none")).isInstanceOf(IOException.class);
              assertThatThrownBy(() -> view.delete("none")).isInstanceOf(IOException.class);
              view.write("a", Checks.bytes("text"));
              assertThatThrownBy(() -> view.read("a", ByteBuffer.allocate(3)))
                  .isInstanceOf(IOException.class);
              assertThatThrownBy(() -> view.write("n".repeat(300), Checks.bytes("x")))
                  .isInstanceOf(IOException.class);
            })
        .add(
            "user attributes by name",
            dir -> {
              Path file = Checks.file(dir, "f", "abc");
              Files.setAttribute(file, "user:a", new byte[] {1, 2});
              Files.setAttribute(file, "user:b", ByteBuffer.wrap(new byte[] {3}));
              assertThat((byte[]) Files.getAttribute(file, "user:a")).isEqualTo(new byte[] {1, 2});
              assertThat(Files.readAttributes(file, "user:*")).containsOnlyKeys("a", "b");
            })
        .add(
            "directories have user attributes",
            dir -> {
              Files.setAttribute(dir, "user:a", new byte[] {1});
              assertThat((byte[]) Files.getAttribute(dir, "user:a")).isEqualTo(new byte[] {1});
            });
  }
}
