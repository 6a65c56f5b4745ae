package io.fspf.seal;

import io.fspf.FileType;
import io.fspf.Name;
import io.fspf.internal.host.HostAttributes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a directory of the source held, in little memory: names and types stand in one array.
 * Immutable.
 */
final class Listing {
  private final HostAttributes attributes;
  private final SortedMap<Name, byte[]> extended;
  private final byte[] entries;
  private final int count;
  private final Map<Integer, Link> links;

  /** A file with several names. */
  record Link(Object fileKey, long links) {}

  private Listing(
      HostAttributes attributes,
      SortedMap<Name, byte[]> extended,
      byte[] entries,
      int count,
      Map<Integer, Link> links) {
    this.attributes = attributes;
    this.extended = extended;
    this.entries = entries;
    this.count = count;
    this.links = links;
  }

  /** The directory's own attributes. */
  HostAttributes attributes() {
    return attributes;
  }

  SortedMap<Name, byte[]> extendedAttributes() {
    return extended;
  }

  /** How many entries there are. */
  int count() {
    return count;
  }

  /** Which of the file's names this entry is one of; null if it has only this one. */
  @Nullable Link link(int index) {
    return links.get(index);
  }

  Reader reader() {
    return new Reader();
  }

  /** Goes through the entries in order. */
  final class Reader {
    private int at;
    private int index = -1;
    private int nameLength;

    boolean next() {
      if (index >= 0) {
        at += 2 + nameLength;
      }
      if (at >= entries.length) {
        return false;
      }
      index++;
      nameLength = entries[at] & 0xFF;
      return true;
    }

    int index() {
      return index;
    }

    Name name() {
      return Name.ofBytes(Arrays.copyOfRange(entries, at + 2, at + 2 + nameLength));
    }

    FileType type() {
      return switch (entries[at + 1]) {
        case 'd' -> FileType.DIRECTORY;
        case 'l' -> FileType.SYMLINK;
        default -> FileType.REGULAR;
      };
    }
  }

  /** Collects entries in the order of their names. */
  static final class Builder {
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final Map<Integer, Link> links = new HashMap<>();
    private int count;

    void add(Name name, HostAttributes entry) {
      // A name has at most 255 bytes.
      entries.write(name.length());
      entries.write(
          switch (entry.kind()) {
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case REGULAR, SPECIAL -> 'f';
          });
      entries.writeBytes(name.toBytes());
      if (entry.links() > 1 && entry.kind() != HostAttributes.Kind.DIRECTORY) {
        links.put(count, new Link(entry.fileKey(), entry.links()));
      }
      count++;
    }

    Listing build(HostAttributes attributes, SortedMap<Name, byte[]> extended) {
      return new Listing(attributes, extended, entries.toByteArray(), count, links);
    }
  }
}
