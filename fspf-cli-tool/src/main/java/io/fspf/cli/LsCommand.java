package io.fspf.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.DirectoryCursor;
import io.fspf.DirectoryEntry;
import io.fspf.FileAttributes;
import io.fspf.FileType;
import io.fspf.Volume;
import io.fspf.VolumePath;
import io.fspf.VolumeView;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists directories of a volume. */
@Command(
    name = "ls",
    description = "List a directory of a volume.",
    footerHeading = "%nExample:%n",
    footer = "  fspf ls -l --key-file key /srv/app /lib")
final class LsCommand extends VolumeCommand {
  @Option(names = "-l", description = "With type, mode, links, owner, size and time.")
  private boolean isLong;

  @Option(
      names = {"-R", "--recursive"},
      description = "With all directories below, each file by its path from PATH.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "A directory or file in the volume (default: /).")
  private VolumePath path;

  @Override
  Report run(Terminal terminal) throws IOException {
    try (Volume opened = Volume.open(volume, access().reading(terminal))) {
      var entries = new JsonArray();
      var listing = new Listing(opened, terminal, entries);
      FileAttributes attributes = opened.attributes(path, LinkOption.NOFOLLOW_LINKS);
      VolumePath real =
          attributes.isSymbolicLink() && leadsToDirectory(opened) ? opened.toRealPath(path) : path;
      if (attributes.isDirectory() || !real.equals(path)) {
        listing.directory(real, "");
      } else {
        listing.entry(path, path.toString(), attributes.type());
      }
      return new Report()
          .member("volume", volume.toString())
          .member("path", path.toString())
          .member("entries", entries);
    }
  }

  private boolean leadsToDirectory(VolumeView view) throws IOException {
    try {
      return view.attributes(path).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Writes lines as they come, since there may be millions; an object can only be written whole.
   */
  private final class Listing {
    private final VolumeView view;
    private final Terminal terminal;
    private final JsonArray entries;

    Listing(VolumeView view, Terminal terminal, JsonArray entries) {
      this.view = view;
      this.terminal = terminal;
      this.entries = entries;
    }

    void directory(VolumePath directory, String prefix) throws IOException {
      DirectoryCursor cursor = view.list(directory);
      while (cursor.next()) {
        DirectoryEntry entry = cursor.entry();
        VolumePath at = directory.resolve(entry.name());
        String name = prefix + entry.name();
        entry(at, name, entry.type());
        if (recursive && entry.type() == FileType.DIRECTORY) {
          directory(at, name + '/');
        }
      }
    }

    void entry(VolumePath at, String name, FileType type) throws IOException {
      if (!common().json()) {
        terminal.out().println(isLong ? longLine(at, name) : name);
        return;
      }
      var object = new JsonObject();
      object.addProperty("path", name);
      if (isLong) {
        FileAttributes attributes = view.attributes(at, LinkOption.NOFOLLOW_LINKS);
        EntryText.addTo(object, attributes, target(at, attributes));
      } else {
        object.addProperty("type", EntryText.type(type));
      }
      entries.add(object);
    }

    private String longLine(VolumePath at, String name) throws IOException {
      FileAttributes attributes = view.attributes(at, LinkOption.NOFOLLOW_LINKS);
      return EntryText.line(name, attributes, target(at, attributes));
    }

    private Optional<byte[]> target(VolumePath at, FileAttributes attributes) throws IOException {
      return attributes.isSymbolicLink()
          ? Optional.of(view.readSymbolicLink(at))
          : Optional.empty();
    }
  }
}
