package io.fspf.bench.ratio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fspf.bench.report.Measurement;
import io.fspf.bench.report.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatioTest {
  private static Measurement of(Double... seconds) {
    return new Measurement("work", Map.of(), Unit.OPERATIONS, List.of(seconds));
  }

  @Test
  void ratioIsTheMedianOfThoseOfEachRound() {
    Requirement requirement = Requirement.of(0.5, "default", "ours");
    assertThat(requirement.text()).isEqualTo("0.5 × default");
    assertThat(Requirement.of(10, "default", "ours").text()).isEqualTo("10 × default");
    // 0.5, 2 and 1: where the machine was slow, it was slow for both.
    assertThat(requirement.ratio(Map.of("default", of(1.0, 40.0, 3.0), "ours", of(2.0, 20.0, 3.0))))
        .hasValue(1.0);
  }

  @Test
  void ceilingOfTwoStagesIsTheSumOfTheirTimes() {
    var requirement = new Requirement("both", 0.7, List.of("cipher", "file"), "ours");
    double ratio =
        requirement
            .ratio(Map.of("cipher", of(1 / 8.0), "file", of(1 / 6.0), "ours", of(1 / 2.4)))
            .orElseThrow();
    // 1 / (1/8 + 1/6) = 3.43 a second can be had; 2.4 are.
    assertThat(ratio).isCloseTo(2.4 / (1 / (1 / 8.0 + 1 / 6.0)), within(1e-12));
  }

  @Test
  void withoutAReferenceThereIsNoRatio() {
    Requirement requirement = Requirement.of(2, "cryptofs", "ours");
    assertThat(requirement.ratio(Map.of("ours", of(1.0)))).isEmpty();
    assertThat(requirement.ratio(Map.of("cryptofs", of(1.0)))).isEmpty();
  }

  @Test
  void stepsAlternateAndOnlyTheWorkIsTimed() throws Exception {
    var clock = new long[1];
    List<String> done = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      steps.add(
          new Step(
              name,
              4,
              Unit.OPERATIONS,
              () -> clock[0] += 1_000_000_000,
              () -> {
                done.add(name);
                clock[0] += name.equals("a") ? 8 : 20;
              }));
    }
    Map<String, Measurement> measured =
        new InterleavedRun(1, Duration.ZERO, 2, () -> clock[0]).run("work", steps);
    assertThat(done).containsExactly("a", "b", "b", "a", "a", "b");
    assertThat(measured).containsOnlyKeys("a", "b");
    assertThat(measured.values()).allMatch(each -> each.benchmark().equals("work"));
    assertThat(measured.get("a")).extracting(Measurement::seconds).isEqualTo(List.of(2e-9, 2e-9));
    assertThat(measured.get("b")).extracting(Measurement::seconds).isEqualTo(List.of(5e-9, 5e-9));
  }

  @Test
  void roundsDoNotCountBeforeTheWarmUpIsOver() throws Exception {
    var clock = new long[1];
    var done = new int[1];
    Step step =
        Step.of(
            "a",
            1,
            Unit.OPERATIONS,
            () -> {
              done[0]++;
              clock[0] += done[0] <= 3 ? 2_000_000_000 : 1_000_000_000;
            });
    var run = new InterleavedRun(1, Duration.ofSeconds(5), 2, () -> clock[0]);
    Map<String, Measurement> measured = run.run("work", List.of(step));
    assertThat(done[0]).isEqualTo(5);
    assertThat(measured.get("a")).extracting(Measurement::seconds).isEqualTo(List.of(1.0, 1.0));
  }

  @Test
  void longWorkRunsInFewerRounds() {
    InterleavedRun few = new InterleavedRun(2, Duration.ZERO, 7, System::nanoTime).inFewRounds();
    assertThat(few.warmUp()).isEqualTo(1);
    assertThat(few.rounds()).isEqualTo(5);
    assertThat(new InterleavedRun(0, Duration.ZERO, 1, System::nanoTime).inFewRounds().rounds())
        .isEqualTo(1);
  }
}
