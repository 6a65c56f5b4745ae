package io.fspf.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fspf.Name;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import io.fspf.internal.host.NioHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Trees of the real host with everything odd in them, and what can be seen of a tree. */
final class Trees {
  static final int CHUNK = 64 << 10;

  private Trees() {}

  static VolumePath path(String text) {
    return VolumePath.of(text);
  }

  static byte[] random(long seed, int size) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void write(HostDirectory host, VolumePath path, byte[] content) throws IOException {
    try (HostFile file = host.open(path, HostDirectory.Mode.CREATE)) {
      file.write(0, content, 0, content.length);
    }
  }

  /** A file of each kind and size, odd names, links, holes, attributes, times and modes. */
  static void makeOdd(Path root) throws IOException {
    HostDirectory host = NioHost.directory(root);
    int[] sizes = {0, 1, 2048, 2049, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 17};
    host.createDirectory(path("/sizes"));
    for (int size : sizes) {
      write(host, path("/sizes/f" + size), random(size, size));
    }
    host.createDirectory(path("/empty"));
    host.createDirectory(path("/empty/inner"));
    VolumePath deep = VolumePath.ROOT;
    for (int i = 0; i < 60; i++) {
      deep = deep.resolve(Name.of("deep" + i));
      host.createDirectory(deep);
    }
    write(host, deep.resolve(Name.of("bottom")), "bottom".getBytes(UTF_8));
    makeNames(host);
    makeLinks(host);
    makeHoles(host);
    makeAttributes(host);
    host.setTimes(VolumePath.ROOT, Instant.ofEpochSecond(1_111_111_111, 111), null);
  }

  private static void makeNames(HostDirectory host) throws IOException {
    VolumePath names = path("/names");
    host.createDirectory(names);
    List<Name> odd = new ArrayList<>();
    odd.add(Name.ofBytes(new byte[] {(byte) 0xFF, (byte) 0x80, 'x'}));
    odd.add(Name.ofBytes("gr\u00FC\u00DFe \u4F60\u597D \uD83D\uDE00".getBytes(UTF_8)));
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 'n');
    odd.add(Name.ofBytes(longest));
    odd.add(Name.of(" "));
    odd.add(Name.of("new\nline"));
    odd.add(Name.of("-rf"));
    odd.add(Name.of("a%20b"));
    odd.add(Name.of("..."));
    for (Name name : odd) {
      write(host, names.resolve(name), name.toBytes());
    }
    host.createDirectory(names.resolve(Name.ofBytes(new byte[] {(byte) 0xC3, 'd'})));
    write(
        host,
        names.resolve(Name.ofBytes(new byte[] {(byte) 0xC3, 'd'})).resolve(Name.of("inner")),
        random(7, 3000));
  }

  private static void makeLinks(HostDirectory host) throws IOException {
    host.createDirectory(path("/links"));
    host.createSymbolicLink(path("/links/dangling"), "nowhere/at all".getBytes(UTF_8));
    host.createSymbolicLink(path("/links/absolute"), "/etc/passwd".getBytes(UTF_8));
    host.createSymbolicLink(path("/links/up"), "../sizes".getBytes(UTF_8));
    host.createSymbolicLink(path("/links/slash"), "../sizes/".getBytes(UTF_8));
    host.createSymbolicLink(path("/links/bytes"), new byte[] {(byte) 0xFE, '/', (byte) 0xFF});
    write(host, path("/links/first"), random(11, 70_000));
    host.createLink(path("/links/second"), path("/links/first"));
    host.createDirectory(path("/links/far"));
    host.createDirectory(path("/links/far/off"));
    host.createLink(path("/links/far/off/third"), path("/links/first"));
    host.createLink(path("/a-link"), path("/links/first"));
    host.createLink(path("/links/dangling2"), path("/links/dangling"));
  }

  private static void makeHoles(HostDirectory host) throws IOException {
    host.createDirectory(path("/holes"));
    try (HostFile file = host.open(path("/holes/middle"), HostDirectory.Mode.CREATE)) {
      file.write(0, random(1, 1000), 0, 1000);
      file.write(4L * CHUNK + 5, random(2, 1000), 0, 1000);
    }
    try (HostFile file = host.open(path("/holes/all"), HostDirectory.Mode.CREATE)) {
      file.setSize(3L * CHUNK + 1);
    }
    try (HostFile file = host.open(path("/holes/end"), HostDirectory.Mode.CREATE)) {
      file.write(0, random(3, CHUNK), 0, CHUNK);
      file.setSize(3L * CHUNK + 100);
    }
    // More than one group of chunks.
    try (HostFile file = host.open(path("/holes/large"), HostDirectory.Mode.CREATE)) {
      file.write(100, random(4, 10), 0, 10);
      file.write(100L * CHUNK, random(5, 2 * CHUNK + 5), 0, 2 * CHUNK + 5);
      file.setSize(140L * CHUNK + 3);
    }
    try (HostFile file = host.open(path("/holes/large-empty"), HostDirectory.Mode.CREATE)) {
      file.setSize(70L * CHUNK);
    }
  }

  private static void makeAttributes(HostDirectory host) throws IOException {
    host.createDirectory(path("/attributes"));
    VolumePath setuid = path("/attributes/setuid");
    write(host, setuid, random(21, 100));
    host.setMode(setuid, 06755);
    VolumePath none = path("/attributes/none");
    write(host, none, random(22, 100));
    host.setTimes(none, Instant.ofEpochSecond(1, 999_999_999), Instant.ofEpochSecond(2, 1));
    host.setMode(none, 0000);
    VolumePath future = path("/attributes/future");
    write(host, future, random(23, 100));
    host.setTimes(future, Instant.ofEpochSecond(4_102_444_800L, 123_456_789), null);
    VolumePath sticky = path("/attributes/sticky");
    host.createDirectory(sticky);
    host.setTimes(sticky, Instant.ofEpochSecond(1_000_000_000, 5), null);
    host.setMode(sticky, 01777);
    VolumePath extended = path("/attributes/extended");
    write(host, extended, random(24, 5000));
    host.setExtendedAttribute(extended, Name.of("color"), "blue".getBytes(UTF_8));
    host.setExtendedAttribute(extended, Name.of("empty"), new byte[0]);
    host.setExtendedAttribute(path("/attributes"), Name.of("on.dir"), random(25, 1000));
    host.setTimes(extended, Instant.ofEpochSecond(1_500_000_000, 1), null);
  }

  /** What a tree shows: for each path a line that any difference changes. */
  static Map<String, String> describe(Path root) throws IOException {
    var all = new TreeMap<String, String>();
    var links = new HashMap<Object, String>();
    describe(NioHost.directory(root), VolumePath.ROOT, all, links);
    return all;
  }

  private static void describe(
      HostDirectory host, VolumePath path, Map<String, String> all, Map<Object, String> links)
      throws IOException {
    HostAttributes a = host.attributes(path);
    var line = new StringBuilder();
    line.append(a.kind()).append(' ').append(Integer.toOctalString(a.mode()));
    line.append(' ').append(a.uid()).append(':').append(a.gid());
    // Before Java 18 the JDK sets times of links in microseconds only.
    boolean link = a.kind() == HostAttributes.Kind.SYMLINK;
    line.append(' ')
        .append(link ? a.modified().getEpochSecond() : a.modified())
        .append(a.kind() == HostAttributes.Kind.DIRECTORY ? "" : " links " + a.links());
    host.extendedAttributes(path)
        .forEach((name, value) -> line.append(' ').append(name).append(Arrays.hashCode(value)));
    if (a.links() > 1 && a.kind() != HostAttributes.Kind.DIRECTORY) {
      line.append(" same as ").append(links.computeIfAbsent(a.fileKey(), k -> path.toString()));
    }
    switch (a.kind()) {
      case DIRECTORY -> {
        for (Name name : host.list(path)) {
          describe(host, path.resolve(name), all, links);
        }
      }
      case SYMLINK -> line.append(" -> ").append(Arrays.toString(host.readSymbolicLink(path)));
      default -> {
        byte[] content = read(host, path);
        line.append(' ').append(content.length).append(' ').append(Arrays.hashCode(content));
      }
    }
    all.put(path.toString(), line.toString());
  }

  static byte[] read(HostDirectory host, VolumePath path) throws IOException {
    try (HostFile file = host.open(path, HostDirectory.Mode.READ)) {
      byte[] content = new byte[(int) file.size()];
      file.read(0, content, 0, content.length);
      return content;
    }
  }

  /** Every regular file at and below a directory of the host. */
  static List<VolumePath> files(HostDirectory host, VolumePath directory) throws IOException {
    var files = new ArrayList<VolumePath>();
    for (Name name : host.list(directory)) {
      VolumePath path = directory.resolve(name);
      HostAttributes.Kind kind = host.attributes(path).kind();
      if (kind == HostAttributes.Kind.DIRECTORY) {
        files.addAll(files(host, path));
      } else if (kind == HostAttributes.Kind.REGULAR) {
        files.add(path);
      }
    }
    return files;
  }
}
