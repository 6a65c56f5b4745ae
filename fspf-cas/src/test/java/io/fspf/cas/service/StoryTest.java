package io.fspf.cas.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.cas.client.CasClient;
import io.fspf.cas.client.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The field's own example from end to end, with its documents as they stand, over HTTPS, in a
 * service that takes hardware's evidence only (below a root of the test's).
 */
class StoryTest {
  @TempDir private Path folder;

  @Test
  void theUserGetsWhatTheRightProgramMade() throws Exception {
    try (Blender blender = Blender.begin(folder)) {
      blender.exportImage(UnaryOperator.identity());
      blender.deriveSession("user");
      CasClient user = blender.service.client("user");
      CasClient.Shown before = user.read("user");

      try (Blender.Running program = blender.run("user")) {
        Configuration got = program.configuration();
        assertThat(got.command()).hasValue("blender -b -P /encryptedInputs/application.py");
        assertThat(got.workingDirectory()).hasValue("/");
        assertThat(got.environment()).containsEntry("SCONE_ALLOW_DLOPEN", "1");
        assertThat(got.simulated()).isFalse();
        assertThat(got.receipt()).contains("\"simulated\":false", "scone:blender", "\"sgx\"");
        assertThat(program.read("/usr/lib/blender.py")).startsWith("def render");
        assertThat(Files.size(program.path("/usr/blender"))).isEqualTo(100_000);
        program.render();
      }

      CasClient.Shown after = user.read("user");
      assertThat(after.tags().get(Blender.INPUTS)).isEqualTo(before.tags().get(Blender.INPUTS));
      assertThat(after.tags().get(Blender.OUTPUTS))
          .isNotEqualTo(before.tags().get(Blender.OUTPUTS))
          .isEqualTo(
              Blender.tagOf(
                  blender.onHost("user", Blender.OUTPUTS), blender.key("user" + Blender.OUTPUTS)));
      assertThat(blender.outputs("user").resolve("simple_sphere.png")).hasContent(Blender.PICTURE);
    }
  }

  @Test
  void itGoesOnWhereItWasAfterAnotherStartOfProgramAndService() throws Exception {
    try (Blender blender = Blender.ready(folder)) {
      try (Blender.Running program = blender.run("user")) {
        program.render();
      }
      blender.service.restart();
      try (Blender.Running program = blender.run("user")) {
        assertThat(program.read("/encryptedOutputs/simple_sphere.png")).isEqualTo(Blender.PICTURE);
        Files.delete(program.path("/encryptedOutputs/simple_sphere.png"));
        Files.writeString(program.path("/encryptedOutputs/another.png"), "more");
      }
      Path outputs = blender.outputs("user");
      assertThat(outputs.resolve("another.png")).hasContent("more");
      assertThat(outputs.resolve("simple_sphere.png")).doesNotExist();
    }
  }
}
