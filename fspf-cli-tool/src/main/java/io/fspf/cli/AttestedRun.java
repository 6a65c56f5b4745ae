package io.fspf.cli;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fspf.VolumeKeyException;
import io.fspf.cas.client.Attesters;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.client.Configuration;
import io.fspf.cas.client.ReleasedVolumes;
import io.fspf.cas.decision.RefusedException;
import io.fspf.nio.MountedFileSystemProvider;
import io.fspf.tag.TagState;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a Java program with what a service releases to it. It takes two processes, since variables
 * and the working directory of a process are settled when it starts: the first asks the service
 * only for these and starts the second, which proves itself anew, checks that it was started as the
 * session says, and keeps its keys to itself.
 */
final class AttestedRun {
  private static final String JAVA = "java";
  private static final String JAR = "-jar";

  private final Subcommand command;
  private final AttestedRequest request;
  private final Terminal terminal;

  AttestedRun(Subcommand command, AttestedRequest request, Terminal terminal) {
    this.command = command;
    this.request = request;
    this.terminal = terminal;
  }

  /** Does it, in the process that this is. */
  Report run() throws IOException {
    FileSystem files = FileSystems.getDefault();
    if (files.provider() instanceof MountedFileSystemProvider mounts) {
      return run(files, mounts);
    }
    ProgramProcess process;
    try (Configuration configuration = attest()) {
      words(configuration); // A mistake in the command is said once.
      process = new ProgramProcess(configuration.environment(), configuration.workingDirectory());
    }
    return new Report().withoutOutput().exitCode(process.run(arguments(), terminal));
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>(List.of("run"));
    if (command.common().quiet()) {
      arguments.add("--quiet");
    }
    if (command.common().json()) {
      arguments.add(CommonOptions.JSON);
    }
    arguments.addAll(request.toArguments());
    return arguments;
  }

  private Configuration attest() throws IOException {
    try {
      return CasClient.anonymous(request.address(), request.certificate())
          .attest(request.configId(), Attesters.of(request.attester()));
    } catch (RefusedException e) {
      throw new VolumeKeyException("The service releases nothing: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw command.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  private Report run(FileSystem files, MountedFileSystemProvider mounts) throws IOException {
    Configuration configuration = attest();
    List<String> words = words(configuration);
    try (configuration) {
      checkProcess(configuration);
      if (configuration.simulated()) {
        terminal.warn(command.common(), "the evidence is simulated, which proves nothing");
      }
      mount(mounts, configuration);
    }
    int exit;
    try {
      exit = ProgramRun.run(files, words, command, terminal);
    } finally {
      mounts.closeMounts();
    }
    return report(configuration).exitCode(exit);
  }

  /** The host may have started the process otherwise. */
  private void checkProcess(Configuration configuration) throws IOException {
    for (Map.Entry<String, String> variable : configuration.environment().entrySet()) {
      if (!variable.getValue().equals(terminal.environment().get(variable.getKey()))) {
        throw new IOException(
            "The variable " + variable.getKey() + " of this process is not what the session says");
      }
    }
    String directory = System.getProperty("user.dir");
    if (!configuration.workingDirectory().map(said -> said.equals(directory)).orElse(true)) {
      throw new IOException(
          "The working directory of this process is " + directory + ", not what the session says");
    }
  }

  private void mount(MountedFileSystemProvider mounts, Configuration configuration)
      throws IOException {
    try {
      mounts.mount(
          new ReleasedVolumes(configuration, request.hostRoot(), request.places()).mounts());
    } catch (IllegalArgumentException | IllegalStateException e) {
      // A place of a volume that the session does not have, or volumes that the host has mounted.
      throw command.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  /** What is run: the session's command, with its code where the request says. */
  private List<String> words(Configuration configuration) {
    List<String> program = request.program();
    Optional<String> said = configuration.command();
    if (said.isEmpty()) {
      if (program.isEmpty()) {
        throw command.wrongUse("The session has no command: say after -- what is to be run");
      }
      return program;
    }
    List<String> words =
        Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().splitToList(said.get());
    if (!program.isEmpty()) {
      if (program.size() != codeWords(program.get(0))) {
        throw command.wrongUse(
            "After -- comes only where the code is; the session says what it is given: "
                + said.get());
      }
      List<String> all = new ArrayList<>(program);
      all.addAll(words.subList(1, words.size()));
      return all;
    }
    if (String.valueOf(Path.of(words.get(0)).getFileName()).equals(JAVA)) {
      words = words.subList(1, words.size());
    }
    return !words.isEmpty() && words.get(0).equals(JAR) ? words.subList(1, words.size()) : words;
  }

  /**
   * How many words name the code: a jar, {@code -cp PATH CLASS}, {@code -p PATH -m MODULE/CLASS}.
   */
  private static int codeWords(String first) {
    return switch (first) {
      case "-cp" -> 3;
      case "-p" -> 4;
      default -> 1;
    };
  }

  private Report report(Configuration configuration) throws IOException {
    var tags = new JsonObject();
    for (Configuration.Mount mount : configuration.mounts()) {
      if (mount.store().isPresent()) {
        Optional<TagState> state = mount.store().get().load(mount.name());
        state.ifPresent(known -> tags.addProperty(mount.name(), known.tag().toString()));
      }
    }
    return new Report()
        .member("configId", request.configId())
        .member("tags", tags)
        .member("receipt", JsonParser.parseString(configuration.receipt()));
  }
}
