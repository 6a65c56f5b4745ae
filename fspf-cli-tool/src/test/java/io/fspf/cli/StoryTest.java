package io.fspf.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/story.md, as it stands there: each command runs in one shell, each fspf is a process of its
 * own, and what they print is what the page shows, but for hashes, times and the port.
 */
class StoryTest {
  private static final String PORT = "127.0.0.1:8765";
  private static final Pattern NAMED_FILE = Pattern.compile("`([A-Za-z]+\\.(?:yml|java))`");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MEASURED = Pattern.compile("[0-9.]+ [KM]?i?B|[0-9.]+ s\\b");

  @TempDir private Path directory;

  private record Step(String command, String output) {}

  private static Path page() {
    Path here = Path.of("").toAbsolutePath();
    Path page = here.resolve("docs/story.md");
    return Files.exists(page) ? page : here.resolveSibling("docs").resolve("story.md");
  }

  /** Writes the page's files, and returns its commands. */
  private List<Step> read(String page) throws IOException {
    List<Step> steps = new ArrayList<>();
    String lastNamed = "";
    String fence = "";
    var block = new StringBuilder();
    for (String line : page.lines().toList()) {
      if (line.startsWith("```")) {
        if (!fence.isEmpty() && !fence.equals("```")) {
          Files.writeString(directory.resolve(lastNamed), block);
        } else if (!fence.isEmpty()) {
          steps(block.toString(), steps);
        }
        block.setLength(0);
        fence = fence.isEmpty() ? line : "";
      } else if (!fence.isEmpty()) {
        block.append(line).append('\n');
      } else {
        var named = NAMED_FILE.matcher(line);
        while (named.find()) {
          lastNamed = named.group(1);
        }
      }
    }
    return steps;
  }

  private static void steps(String block, List<Step> steps) {
    String command = "";
    var output = new StringBuilder();
    for (String line : block.lines().toList()) {
      if (line.startsWith("    ")) {
        output.append(line.substring(4)).append('\n');
      } else {
        add(command, output, steps);
        command = line;
      }
    }
    add(command, output, steps);
  }

  private static void add(String command, StringBuilder output, List<Step> steps) {
    if (!command.isEmpty()) {
      steps.add(new Step(command, output.toString()));
    }
    output.setLength(0);
  }

  /** One script, of which each command's output goes to a file of its own. */
  private String script(List<Step> steps) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path java = Path.of(System.getProperty("java.home"), "bin");
    Path fspf = bin.resolve("fspf");
    Files.writeString(
        fspf,
        "#!/bin/bash\nexec '%s' --enable-native-access=ALL-UNNAMED %s -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"%n"
            .formatted(
                java.resolve("java"),
                Runtime.version().feature() >= 23 ? "--sun-misc-unsafe-memory-access=allow" : "",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    assertThat(fspf.toFile().setExecutable(true)).isTrue();
    var script =
        new StringBuilder("PATH='%s:%s':$PATH\ntrap 'kill $(jobs -p)' EXIT\n".formatted(bin, java));
    for (int i = 0; i < steps.size(); i++) {
      String command = steps.get(i).command().replace(PORT, "127.0.0.1:" + port);
      boolean background = command.endsWith("&");
      String out = " >out." + i + " 2>&1";
      if (background) {
        script.append(command, 0, command.length() - 1).append(out + " &\n");
        script.append("until [ -s out." + i + " ] || ! kill -0 $!; do sleep 0.1; done\n");
      } else {
        script.append("{ " + command + "\n}" + out + "\n");
      }
    }
    return script.toString();
  }

  private int port;

  private static String shown(String output) {
    return MEASURED.matcher(HASH.matcher(output).replaceAll("HASH")).replaceAll("N");
  }

  @Test
  void everyCommandOfThePageDoesWhatThePageSays() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "no bash");
    assumeTrue(
        Files.exists(Path.of(System.getProperty("java.home"), "bin", "javac")), "no compiler");
    try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = any.getLocalPort();
    }
    List<Step> steps = read(Files.readString(page()));
    Path script = Files.writeString(directory.resolve("script"), script(steps));
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", script.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("shell").toFile());
    builder.environment().keySet().removeIf(name -> name.matches("JAVA_TOOL_OPTIONS|.*FSPF.*"));
    Process shell = builder.start();
    try {
      assertThat(shell.waitFor(600, SECONDS)).as("the story ends").isTrue();
    } finally {
      shell.descendants().forEach(ProcessHandle::destroy);
      shell.destroy();
    }
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      String output =
          Files.readString(directory.resolve("out." + i), UTF_8).replace("127.0.0.1:" + port, PORT);
      assertThat(shown(output)).as(step.command()).isEqualTo(shown(step.output()));
    }
  }
}
