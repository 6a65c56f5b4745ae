package io.fspf.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fspf.FileAttributes;
import io.fspf.Name;
import io.fspf.Region;
import io.fspf.Volume;
import io.fspf.VolumePath;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows all attributes of a file. */
@Command(
    name = "stat",
    description = "Show all attributes of a file; a symbolic link's own.",
    footerHeading = "%nExample:%n",
    footer = "  fspf stat --key-file key /srv/app /etc/app.conf")
final class StatCommand extends VolumeCommand {
  @Parameters(index = "0", paramLabel = "VOLUME", description = VOLUME)
  private Path volume;

  @Parameters(index = "1", paramLabel = "PATH", description = "A file in the volume.")
  private VolumePath path;

  @Override
  Report run(Terminal terminal) throws IOException {
    var report = new Report().member("volume", volume.toString());
    try (Volume opened = Volume.open(volume, access().reading(terminal))) {
      FileAttributes attributes = opened.attributes(path, LinkOption.NOFOLLOW_LINKS);
      Region region = opened.region(path);
      report.finding(Finding.of("path", path.toString()));
      report.finding(Finding.of("type", EntryText.type(attributes.type())));
      if (attributes.isSymbolicLink()) {
        report.finding(Finding.of("target", EntryText.text(opened.readSymbolicLink(path))));
      }
      report.finding(number("inode", attributes.inode()));
      report.finding(number("size", attributes.size()));
      report.finding(
          new Finding(
              "mode",
              new JsonPrimitive(EntryText.octal(attributes.mode())),
              EntryText.octal(attributes.mode())
                  + " "
                  + EntryText.mode(attributes.type(), attributes.mode())));
      report.finding(number("uid", attributes.uid()));
      report.finding(number("gid", attributes.gid()));
      report.finding(number("links", attributes.links()));
      report.finding(Finding.of("modified", attributes.modified().toString()));
      report.finding(Finding.of("changed", attributes.changed().toString()));
      report.finding(Finding.of("created", attributes.created().toString()));
      report.finding(Finding.of("region", region.path().toString()));
      report.finding(Finding.of("protection", RegionText.protection(region)));
      addExtended(report, opened.extendedAttributes(path, LinkOption.NOFOLLOW_LINKS));
    }
    return report;
  }

  private static Finding number(String name, long value) {
    return new Finding(name, new JsonPrimitive(value), Long.toString(value));
  }

  private static void addExtended(Report report, SortedMap<Name, byte[]> attributes) {
    var object = new JsonObject();
    attributes.forEach(
        (name, value) -> {
          String base64 = Base64.getEncoder().encodeToString(value);
          object.addProperty(name.toString(), base64);
          report.line("user." + name + " (base64) " + base64);
        });
    report.member("extendedAttributes", object);
  }
}
