package io.fspf.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which service is asked, and by what it is known. */
class CasOptions {
  private static final String ADDRESS = "--cas";
  private static final String ADDRESS_VARIABLE = "FSPF_CAS";
  private static final String CERTIFICATE = "--cas-certificate";
  private static final String CERTIFICATE_VARIABLE = "FSPF_CAS_CERTIFICATE";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = ADDRESS,
      paramLabel = "HOST:PORT",
      description = "The service. Default: the variable " + ADDRESS_VARIABLE + ".")
  private @Nullable String address;

  @Option(
      names = CERTIFICATE,
      paramLabel = "FILE",
      description = {
        "The service's certificate, cas.pem of its directory; no other service is talked to.",
        "Default: the variable " + CERTIFICATE_VARIABLE + "."
      })
  private @Nullable Path certificate;

  /** Where the service listens. */
  final String address(Terminal terminal) {
    return Optional.ofNullable(address)
        .or(() -> terminal.firstSet(ADDRESS_VARIABLE))
        .orElseThrow(() -> missing(ADDRESS, "HOST:PORT", ADDRESS_VARIABLE));
  }

  /** The service's certificate. */
  final Path certificate(Terminal terminal) {
    return Optional.ofNullable(certificate)
        .or(() -> terminal.firstSet(CERTIFICATE_VARIABLE).map(Path::of))
        .orElseThrow(() -> missing(CERTIFICATE, "FILE", CERTIFICATE_VARIABLE));
  }

  /** What is said where neither an option nor a variable says something. */
  final ParameterException missing(String option, String label, String variable) {
    return new ParameterException(
        command.commandLine(),
        "Missing option '%s=%s', and the variable %s is not set"
            .formatted(option, label, variable));
  }
}
