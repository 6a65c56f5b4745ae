package io.fspf.nio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Which volumes stand at which paths of the one tree that a {@link MountedFileSystemProvider}
 * shows. As a properties file (UTF-8) each mount has a name of its own choice and entries {@code
 * NAME.ENTRY = VALUE}:
 *
 * <pre>
 * inputs.at      = /encryptedInputs      where, an absolute path
 * inputs.volume  = /data/inputs.fspf     the fspf file on the host, or the directory that holds one
 * inputs.path    = /                     which directory of the volume; the root if nothing is said
 * inputs.keyFile = /keys/inputs          and so on: the entries of {@link FspfEnvironment}
 *
 * tmp.at         = /tmp
 * tmp.ephemeral  = true                  no volume: one for this process, under a throw-away key
 * </pre>
 *
 * <p>The directory above a mount must exist; what the host has at the mount's own path is hidden.
 * Immutable.
 */
public final class MountTable {
  private final ImmutableList<Entry> entries;

  /**
   * One mount.
   *
   * @param at an absolute path of the tree
   * @param volume the fspf file on the host, or the directory that holds one; empty for an
   *     ephemeral mount
   * @param path which directory of the volume stands there, absolute
   * @param environment how the volume is opened
   */
  public record Entry(String at, String volume, String path, Map<String, ?> environment) {
    /** Checks the paths. */
    public Entry {
      if (!at.startsWith("/") || !path.startsWith("/")) {
        throw new IllegalArgumentException("A mount needs absolute paths: " + at + ", " + path);
      }
      environment = Map.copyOf(environment);
    }

    boolean isEphemeral() {
      return volume.isEmpty();
    }

    /** Without secrets. */
    @Override
    public String toString() {
      return at + (isEphemeral() ? " (ephemeral)" : " from " + volume);
    }
  }

  private MountTable(ImmutableList<Entry> entries) {
    this.entries = entries;
  }

  /** A table of these mounts. */
  public static MountTable of(List<Entry> entries) {
    return new MountTable(ImmutableList.copyOf(entries));
  }

  /**
   * Reads a properties file.
   *
   * @throws IllegalArgumentException if it is no mount table
   */
  public static MountTable read(Path file) throws IOException {
    var properties = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(in);
    }
    return of(properties);
  }

  /** The table that properties stand for. */
  static MountTable of(Properties properties) {
    var mounts = new LinkedHashMap<String, Map<String, String>>();
    for (String name : new java.util.TreeSet<>(properties.stringPropertyNames())) {
      List<String> parts = Splitter.on('.').limit(2).splitToList(name);
      if (parts.size() != 2) {
        throw new IllegalArgumentException("No entry of a mount table: " + name);
      }
      mounts
          .computeIfAbsent(parts.get(0), mount -> new LinkedHashMap<>())
          .put(parts.get(1), properties.getProperty(name, "").strip());
    }
    var entries = ImmutableList.<Entry>builder();
    mounts.forEach((name, values) -> entries.add(entry(name, values)));
    return new MountTable(entries.build());
  }

  private static Entry entry(String name, Map<String, String> values) {
    String at = values.remove("at");
    String volume = values.remove("volume");
    String path = values.remove("path");
    boolean ephemeral = "true".equals(values.remove("ephemeral"));
    if (at == null || ephemeral == (volume != null)) {
      throw new IllegalArgumentException(
          "The mount " + name + " needs 'at', and either 'volume' or 'ephemeral = true'");
    }
    return new Entry(at, volume == null ? "" : volume, path == null ? "/" : path, values);
  }

  /** The mounts. */
  public List<Entry> entries() {
    return entries;
  }
}
