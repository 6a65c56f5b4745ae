package io.fspf.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.fspf.CrashRemains;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what a crash left of a volume, and settles it when told to. */
@Command(
    name = "recover",
    description = {
      "Tell what a crash left of a volume, and what is usable.",
      "Changes nothing without --repair, which no volume needs to be opened: but until it is done, a"
          + " host file that was made longer is not noticed."
    },
    footerHeading = "%nExample:%n",
    footer = "  fspf recover --key-file key /srv/app")
final class RecoverCommand extends VolumeCommand {
  @Option(
      names = "--repair",
      description = "Finish or drop what was left, cut host files to their lengths, commit.")
  private boolean repair;

  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME", description = VOLUME_OR_VARIABLE)
  private @Nullable Path volume;

  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = location(volume, terminal);
    return repair ? repair(location, terminal) : examine(location, terminal);
  }

  private Report examine(Path location, Terminal terminal) throws IOException {
    try (Volume opened = Volume.open(location, access().reading(terminal))) {
      CrashRemains remains = opened.crashRemains();
      Report report = usable(location, opened.info());
      return remains(report, remains)
          .note(
              remains.isClean()
                  ? "Nothing is left to do."
                  : "The volume opens as it is; fspf recover --repair settles what was left.");
    }
  }

  private Report repair(Path location, Terminal terminal) throws IOException {
    RootTag tag = Volume.recover(location, access().changing(terminal));
    return new Report()
        .member("volume", location.toString())
        .member("tag", tag.toString())
        .note("Nothing is left to do.")
        .line("tag: " + tag);
  }

  private static Report usable(Path location, VolumeInfo info) {
    return new Report()
        .member("volume", location.toString())
        .state(info)
        .member("time", info.time().toString())
        .line(
            "Usable: generation "
                + info.generation()
                + " of "
                + info.time()
                + ", "
                + info.files()
                + " files, "
                + Bytes.text(info.bytes()));
  }

  private static Report remains(Report report, CrashRemains remains) {
    var object = new JsonObject();
    report.member("remains", object);
    object.addProperty("openForWriting", remains.openForWriting());
    if (remains.openForWriting()) {
      report.line("Left: a writer that did not close the volume");
    }
    left(report, object, "trailingBytes", remains.trailingBytes(), "bytes of an unfinished commit");
    left(
        report,
        object,
        "pendingHostOperations",
        remains.pendingHostOperations(),
        "changes of host files, decided and perhaps not done");
    left(report, object, "unlinkedFiles", remains.unlinkedFiles(), "open files without a name");
    left(
        report,
        object,
        "discardedObjects",
        remains.discardedObjects(),
        "object files that nothing needs");
    return report.member("clean", new JsonPrimitive(remains.isClean()));
  }

  private static void left(Report report, JsonObject object, String name, long count, String text) {
    object.addProperty(name, count);
    if (count > 0) {
      report.line("Left: " + count + " " + text);
    }
  }
}
