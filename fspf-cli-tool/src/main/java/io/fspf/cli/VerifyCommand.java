package io.fspf.cli;

import com.google.common.base.Stopwatch;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.Freshness;
import io.fspf.VolumeOptions;
import io.fspf.seal.Damage;
import io.fspf.seal.Verifier;
import io.fspf.seal.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads every byte of a volume and lists what is not as it was committed. */
@Command(
    name = "verify",
    description = {
      "Read and check every byte of a volume; list every bad path and offset.",
      "Exit code 0 says that every byte is right."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  fspf verify --tag-file app.tag ./app",
      "  fspf verify --key-file key --no-tag ./data.fspf"
    })
final class VerifyCommand extends VolumeCommand {
  @Option(
      names = "--no-tag",
      description = "Accept any whole state of the volume, also an old one.")
  private boolean noTag;

  @Option(
      names = "--strict",
      description = "Authenticated regions: the host's times and owners too.")
  private boolean strict;

  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME", description = VOLUME_OR_VARIABLE)
  private @Nullable Path volume;

  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = location(volume, terminal);
    VolumeOptions options = access().options(terminal, freshness(terminal));
    Stopwatch watch = Stopwatch.createStarted();
    VerifyReport found;
    try (Progress progress = Progress.ofVolume(terminal, common(), "verify", location, options)) {
      found =
          Verifier.of(location, options)
              .withStrict(strict)
              .withProgress(progress.asSealProgress())
              .verify();
    }
    var report =
        new Report()
            .member("volume", location.toString())
            .member("tag", found.info().tag().toString())
            .member("generation", found.info().generation())
            .member("files", found.files())
            .member("directories", found.directories())
            .member("symlinks", found.symlinks())
            .member("bytes", found.bytes())
            .seconds(watch.elapsed());
    addDamage(report, found);
    addNotes(report, found);
    report.note(
        Summary.of(
            found.isIntact() ? "Every byte is right:" : "Checked",
            found.files(),
            found.directories(),
            found.symlinks(),
            found.bytes(),
            watch.elapsed()));
    return report
        .note("tag: " + found.info().tag())
        .exitCode(found.isIntact() ? ExitCodes.OK : ExitCodes.VIOLATED);
  }

  private Freshness freshness(Terminal terminal) throws IOException {
    if (noTag) {
      if (!tags().named().equals(FreshnessOptions.Named.NOTHING)) {
        throw wrongUse("--no-tag and a tag or tag store exclude each other");
      }
      return Freshness.unchecked();
    }
    return access()
        .freshness(terminal)
        .orElseThrow(
            () ->
                wrongUse(
                    "Name the state to verify with --tag, --tag-file or --tag-store; --no-tag"
                        + " accepts any, also an old one"));
  }

  private static void addDamage(Report report, VerifyReport found) {
    var damaged = new JsonArray();
    for (Damage damage : found.damaged()) {
      var object = new JsonObject();
      object.addProperty("path", damage.path());
      damage.offset().ifPresent(offset -> object.addProperty("offset", offset));
      object.addProperty("reason", damage.reason());
      damaged.add(object);
      report.line(
          damage.path()
              + (damage.offset().isPresent() ? " at offset " + damage.offset().getAsLong() : "")
              + ": "
              + damage.reason());
    }
    report.member("damaged", damaged);
  }

  private static void addNotes(Report report, VerifyReport found) {
    var notes = new JsonArray();
    for (String note : found.notes()) {
      notes.add(note);
      report.note("note: " + note);
    }
    report.member("notes", notes);
  }
}
