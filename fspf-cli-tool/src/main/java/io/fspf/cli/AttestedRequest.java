package io.fspf.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code fspf run --config-id} was asked for.
 *
 * @param configId a service of a session
 * @param address of the service that has the session
 * @param certificate of that service
 * @param attester the name of what attests
 * @param hostRoot below which volumes stand on the host
 * @param places of volumes that stand elsewhere, by their names
 * @param program where the code is; empty if the session's command says it
 */
record AttestedRequest(
    String configId,
    String address,
    Path certificate,
    String attester,
    Path hostRoot,
    Map<String, Path> places,
    List<String> program) {

  /** The same as arguments that mean the same in any directory. */
  List<String> toArguments() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--config-id", configId, "--cas", address));
    arguments.addAll(List.of("--cas-certificate", certificate.toAbsolutePath().toString()));
    arguments.addAll(List.of("--attester", attester));
    arguments.addAll(List.of("--host-root", hostRoot.toAbsolutePath().toString()));
    places.forEach(
        (name, place) ->
            arguments.addAll(List.of("--volume", name + "=" + place.toAbsolutePath())));
    arguments.add("--");
    arguments.addAll(program);
    return arguments;
  }
}
