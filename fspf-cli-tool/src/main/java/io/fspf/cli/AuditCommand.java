package io.fspf.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.Volume;
import io.fspf.VolumeInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the commits of a volume. */
@Command(
    name = "audit",
    description = {
      "List the commits since the last compaction.",
      "The newest comes first: generation, time, root tag, files, bytes. In a volume with a key only"
          + " its holders can have made them."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf audit --key-file key /srv/app")
final class AuditCommand extends VolumeCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME", description = VOLUME_OR_VARIABLE)
  private @Nullable Path volume;

  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = location(volume, terminal);
    var report = new Report().member("volume", location.toString());
    try (Volume opened = Volume.open(location, access().reading(terminal))) {
      var commits = new JsonArray();
      for (VolumeInfo commit : opened.history()) {
        var object = new JsonObject();
        object.addProperty("generation", commit.generation());
        object.addProperty("time", commit.time().toString());
        object.addProperty("tag", commit.tag().toString());
        object.addProperty("files", commit.files());
        object.addProperty("bytes", commit.bytes());
        commits.add(object);
        report.line(
            String.format(
                "%8d  %s  %s  %d files, %s",
                commit.generation(),
                commit.time(),
                commit.tag(),
                commit.files(),
                Bytes.text(commit.bytes())));
      }
      report.member("commits", commits);
    }
    return report;
  }
}
