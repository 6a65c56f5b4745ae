package io.fspf.golden;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.fspf.DirectoryCursor;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Storage;
import io.fspf.Volume;
import io.fspf.VolumeFile;
import io.fspf.VolumeInfo;
import io.fspf.VolumePath;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that a volume holds, as JSON with one encoding: what is committed and protected, in the order
 * of the paths' bytes. Bytes of names and targets that are not plain stand as {@code %XX}; times
 * are nanoseconds since 1970 in decimal.
 */
final class VolumeListing {
  private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();

  private final Volume volume;
  private final SortedMap<VolumePath, String> entries = new TreeMap<>();

  private VolumeListing(Volume volume) {
    this.volume = volume;
  }

  static String of(Volume volume) throws IOException {
    VolumeListing listing = new VolumeListing(volume);
    for (Region region : volume.regions()) {
      if (isListed(region)) {
        listing.add(region.path());
      }
    }
    return listing.text();
  }

  private static boolean isListed(Region region) {
    return region.protection() != Protection.NOT_PROTECTED && region.storage() == Storage.KERNEL;
  }

  private String text() throws IOException {
    List<String> regions = new ArrayList<>();
    for (Region region :
        volume.regions().stream().sorted(Comparator.comparing(Region::path)).toList()) {
      regions.add(describe(region));
    }
    List<String> history = new ArrayList<>();
    for (VolumeInfo commit : volume.history()) {
      history.add(
          object("generation", commit.generation(), "rootTag", quote(commit.tag().toString())));
    }
    VolumeInfo info = volume.info();
    return "{\n"
        + ("\"rootTag\":" + quote(volume.tag().toString()) + ",\n")
        + ("\"volumeId\":" + quote(info.volumeId()) + ",\n")
        + ("\"generation\":" + volume.generation() + ",\n")
        + ("\"keyed\":" + info.keyed() + ",\n")
        + ("\"files\":" + info.files() + ",\n")
        + ("\"directories\":" + info.directories() + ",\n")
        + ("\"symlinks\":" + info.symlinks() + ",\n")
        + ("\"bytes\":" + info.bytes() + ",\n")
        + ("\"regions\":" + array(regions) + ",\n")
        + ("\"history\":" + array(history) + ",\n")
        + ("\"entries\":" + array(List.copyOf(entries.values())) + "\n")
        + "}\n";
  }

  private void add(VolumePath path) throws IOException {
    if (!isListed(volume.region(path)) || entries.containsKey(path)) {
      return;
    }
    FileAttributes attributes = volume.attributes(path, LinkOption.NOFOLLOW_LINKS);
    entries.put(path, describe(path, attributes));
    if (attributes.isDirectory()) {
      DirectoryCursor cursor = volume.list(path);
      while (cursor.next()) {
        add(path.resolve(cursor.entry().name()));
      }
    }
  }

  private String describe(VolumePath path, FileAttributes attributes) throws IOException {
    List<Object> fields = new ArrayList<>();
    put(fields, "path", quote(plain(path.toBytes())));
    switch (attributes.type()) {
      case REGULAR -> {
        put(fields, "kind", quote("file"));
        put(fields, "size", attributes.size());
        put(fields, "sha256", quote(digest(path)));
      }
      case SYMLINK -> {
        put(fields, "kind", quote("symlink"));
        put(fields, "target", quote(plain(volume.readSymbolicLink(path))));
      }
      default -> put(fields, "kind", quote("directory"));
    }
    put(fields, "inode", attributes.inode());
    put(fields, "links", attributes.links());
    put(fields, "mode", quote("%04o".formatted(attributes.mode())));
    put(fields, "uid", Integer.toUnsignedLong(attributes.uid()));
    put(fields, "gid", Integer.toUnsignedLong(attributes.gid()));
    put(fields, "modified", quote(nanos(attributes.modified())));
    put(fields, "changed", quote(nanos(attributes.changed())));
    put(fields, "accessed", quote(nanos(attributes.accessed())));
    put(fields, "created", quote(nanos(attributes.created())));
    List<Object> extended = new ArrayList<>();
    for (Map.Entry<Name, byte[]> attribute :
        volume.extendedAttributes(path, LinkOption.NOFOLLOW_LINKS).entrySet()) {
      put(extended, plain(attribute.getKey().toBytes()), quote(HEX.encode(attribute.getValue())));
    }
    put(fields, "xattrs", object(extended.toArray()));
    return object(fields.toArray());
  }

  private String digest(VolumePath path) throws IOException {
    var hasher = Hashing.sha256().newHasher();
    try (VolumeFile file = volume.open(path, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
      for (long at = 0; file.read(buffer, at) > 0; at += buffer.position(), buffer.clear()) {
        hasher.putBytes(buffer.array(), 0, buffer.position());
      }
    }
    return hasher.hash().toString();
  }

  private static String describe(Region region) {
    List<Object> fields = new ArrayList<>();
    put(fields, "path", quote(plain(region.path().toBytes())));
    put(fields, "protection", quote(lower(region.protection())));
    put(fields, "storage", quote(lower(region.storage())));
    if (region.hostDirectory().isPresent()) {
      put(fields, "hostDirectory", quote(plain(Name.encode(region.hostDirectory().get()))));
    }
    if (isListed(region)) {
      put(fields, "integrity", quote(lower(region.integrity())));
      put(fields, "chunkSize", region.chunkSize());
    }
    return object(fields.toArray());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String nanos(Instant time) {
    return BigInteger.valueOf(time.getEpochSecond())
        .multiply(BigInteger.valueOf(1_000_000_000))
        .add(BigInteger.valueOf(time.getNano()))
        .toString();
  }

  private static void put(List<Object> fields, String name, Object value) {
    fields.add(name);
    fields.add(value);
  }

  private static String object(Object... fields) {
    List<String> members = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      members.add(quote(fields[i].toString()) + ":" + fields[i + 1]);
    }
    return "{" + String.join(",", members) + "}";
  }

  private static String array(List<String> elements) {
    return elements.stream().collect(Collectors.joining(",\n", "[\n", "\n]"));
  }

  private static String quote(String plain) {
    return '"' + plain + '"';
  }

  private static String plain(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      if (b > ' ' && b < 127 && b != '%' && b != '"' && b != '\\') {
        text.append(new String(new byte[] {b}, US_ASCII));
      } else {
        text.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return text.toString();
  }
}
