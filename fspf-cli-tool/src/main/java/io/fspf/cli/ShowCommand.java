package io.fspf.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import io.fspf.CryptoEngine;
import io.fspf.Region;
import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeInfo;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a volume's regions and numbers, or its tag alone. */
@Command(
    name = "show",
    description = "Show a volume's regions, numbers, generation and root tag.",
    footerHeading = "%nExample:%n",
    footer = {"  fspf show --key-file key /srv/app", "  fspf show --tag /srv/app"})
final class ShowCommand extends Subcommand {
  @Mixin private final KeyOptions keys = new KeyOptions();
  @Mixin private final TagFileOptions tags = new TagFileOptions();
  @Mixin private final HostRootOption hostRoot = new HostRootOption();

  @Option(
      names = {"-t", "--tag"},
      description = "Print the root tag alone; without a key as it lies there, with one checked.")
  private boolean tagOnly;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "VOLUME",
      description = VolumeCommand.VOLUME_OR_VARIABLE)
  private @Nullable Path volume;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "KEY",
      description = "The volume key, for old scripts; others can see it. Better: --key-file.")
  private @Nullable String key;

  @Override
  Report run(Terminal terminal) throws IOException {
    Path location = VolumeCommand.location(this, volume, terminal);
    if (key == null) {
      return show(location, new Access(common(), keys, tags, hostRoot), null, terminal);
    }
    terminal.warn(
        common(), "a key in an argument can be seen by others on this machine; use --key-file");
    try (VolumeKey parsed = parse(key);
        KeyProvider provider = KeyProviders.raw(parsed)) {
      return show(location, new Access(common(), keys, tags, hostRoot), provider, terminal);
    }
  }

  private VolumeKey parse(String text) {
    try {
      return VolumeKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrongUse(String.valueOf(e.getMessage()));
    }
  }

  private Report show(Path location, Access access, @Nullable KeyProvider given, Terminal terminal)
      throws IOException {
    if (tagOnly && given == null && keys.provider(terminal, common()).isEmpty()) {
      return tag(location, Volume.tagOf(location));
    }
    VolumeOptions options = access.reading(terminal);
    try (Volume opened = Volume.open(location, given == null ? options : options.withKeys(given))) {
      return tagOnly ? tag(location, opened.tag()) : all(location, opened.info(), opened.regions());
    }
  }

  private static Report tag(Path location, RootTag tag) {
    return new Report()
        .member("volume", location.toString())
        .member("tag", tag.toString())
        .line(tag.toString());
  }

  private static Report all(Path location, VolumeInfo info, List<Region> regions) {
    var report = new Report();
    report.finding(Finding.of("volume", location.toString()));
    report.finding(Finding.of("volumeId", info.volumeId()));
    report.finding(Finding.of("tag", info.tag().toString()));
    report.finding(number("generation", info.generation()));
    report.finding(Finding.of("time", info.time().toString()));
    report.finding(Finding.of("sealed", info.keyed()));
    report.finding(number("files", info.files()));
    report.finding(number("directories", info.directories()));
    report.finding(number("symlinks", info.symlinks()));
    report.finding(Finding.ofBytes("bytes", info.bytes()));
    report.finding(Finding.ofBytes("metadataBytes", info.metadataBytes()));
    report.finding(Finding.ofBytes("liveMetadataBytes", info.liveMetadataBytes()));
    report.finding(Finding.of("engine", CryptoEngine.preferred().toString()));
    var array = new JsonArray();
    for (Region region : regions) {
      array.add(RegionText.object(region));
      report.line("region " + RegionText.line(region));
    }
    return report.member("regions", array);
  }

  private static Finding number(String name, long value) {
    return new Finding(name, new JsonPrimitive(value), Long.toString(value));
  }
}
