package io.fspf.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which service is asked, and by whom. */
final class PersonOptions extends CasOptions {
  private static final String IDENTITY = "--identity";
  private static final String IDENTITY_VARIABLE = "FSPF_CAS_IDENTITY";

  @Option(
      names = IDENTITY,
      paramLabel = "FILE",
      description = {
        "Who asks: a private key and its certificate, as fspf cas identity makes them.",
        "Default: the variable " + IDENTITY_VARIABLE + "."
      })
  private @Nullable Path identity;

  /** The person's identity file. */
  Path identity(Terminal terminal) {
    return Optional.ofNullable(identity)
        .or(() -> terminal.firstSet(IDENTITY_VARIABLE).map(Path::of))
        .orElseThrow(() -> missing(IDENTITY, "FILE", IDENTITY_VARIABLE));
  }
}
