package io.fspf.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Tables, plots and files, from figures that are known. */
class ReportTest {
  private static final Machine MACHINE =
      new Machine("2026-01-02", "a processor", 8, "Linux", "ext4", "a VM", "accp 1", 0.5);

  private static final Pivot PIVOT =
      new Pivot("kind", "DEFAULT", Map.of("DEFAULT", "default", "OURS", "ours & <theirs>"));

  @TempDir private Path directory;

  private static Measurement measurement(
      String work, String kind, String buffer, Double... seconds) {
    return new Measurement(
        work, Map.of("kind", kind, "buffer", buffer), Unit.BYTES, List.of(seconds));
  }

  private static Results results() {
    return new Results(
        "content",
        MACHINE,
        List.of(
            measurement("read", "DEFAULT", "4", 1e-9, 9e-9, 1e-9),
            measurement("read", "DEFAULT", "64", 5e-10),
            measurement("read", "OURS", "4", 2e-9),
            measurement("write", "OURS", "4", 4e-9)));
  }

  @Test
  void tableHasAColumnForEachValueAndRatiosToTheBaseline() {
    assertThat(PIVOT.table(results()).toString())
        .isEqualTo(
            """
            |  |  | default | ours & <theirs> |
            |---|---|---|---|
            | read | 4 | 1.00 GB/s | 0.50 GB/s (0.50×) |
            |  | 64 | 2.00 GB/s |  |
            | write | 4 |  | 0.25 GB/s |
            """);
  }

  @Test
  void barInACellDoesNotEndIt() {
    assertThat(new MarkdownTable(List.of("a")).row(List.of("x|y")).toString())
        .endsWith("| x\\|y |\n");
    assertThatThrownBy(() -> new MarkdownTable(List.of("a")).row(List.of("x", "y")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void resultsAreReadAsTheyWereWritten() throws IOException {
    Path file = directory.resolve("content.json");
    results().write(file);
    assertThat(Results.read(file)).isEqualTo(results());
    assertThat(Files.readString(file)).contains("\"seconds\": [ 1.0E-9, 9.0E-9, 1.0E-9 ]");
    Files.writeString(file, "[1");
    assertThatThrownBy(() -> Results.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void newerResultsStandForThoseOfTheSameWorkAndKeepTheOthers() throws IOException {
    Path file = directory.resolve("content.json");
    var newer = new Results("content", MACHINE, List.of(measurement("read", "DEFAULT", "4", 7e-9)));
    assertThat(newer.over(file)).isEqualTo(newer);
    results().write(file);
    assertThat(newer.over(file).measurements())
        .containsExactly(newer.measurements().get(0), results().measurements().get(3));
  }

  @Test
  void figuresArePutBetweenTheMarksOfAPage() throws IOException {
    String page = "before\n<!-- begin a -->\nold\n<!-- end a -->\nafter\n";
    String renewed = Page.replaced(page, "a", "new\n");
    assertThat(renewed).isEqualTo("before\n<!-- begin a -->\n\nnew\n\n<!-- end a -->\nafter\n");
    assertThat(Page.replaced(renewed, "a", "new\n")).isEqualTo(renewed);
    assertThatThrownBy(() -> Page.replaced(page, "b", ""))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b");
  }

  @Test
  void barsAreAsHighAsTheirFiguresAndStandOnTheAxis() throws Exception {
    Document svg = parse(PIVOT.chart(results(), "Content").toSvg());
    assertThat(texts(svg)).contains("Content", "ours & <theirs>", "read, GB/s", "write, GB/s");
    List<Element> bars = rectangles(svg, "#999999", "#0072b2");
    // The legend's two squares, then: default 1.00, ours 0.50; default 2.00; ours 0.25.
    List<Double> heights = bars.stream().skip(2).map(bar -> number(bar, "height")).toList();
    assertThat(heights).containsExactly(65.0, 32.5, 130.0, 130.0);
    List<Double> feet =
        bars.stream().skip(2).map(bar -> number(bar, "y") + number(bar, "height")).toList();
    assertThat(feet).containsExactly(240.0, 240.0, 240.0, 450.0);
    assertWithin(svg);
  }

  @Test
  void goalsThatAreReachedLieToTheRight() throws Exception {
    var chart =
        new GoalChart(
            "Goals",
            List.of(
                new GoalChart.Goal("twice", 4, 2),
                new GoalChart.Goal("half", 1, 2),
                new GoalChart.Goal("far beyond", 1e6, 1),
                new GoalChart.Goal("far away", 1e-6, 1)));
    Document svg = parse(chart.toSvg());
    List<Element> reached = rectangles(svg, "#009e73");
    List<Element> missed = rectangles(svg, "#d55e00");
    double goal = number(reached.get(0), "x");
    assertThat(number(reached.get(1), "x")).isEqualTo(goal);
    assertThat(number(missed.get(0), "x") + number(missed.get(0), "width")).isEqualTo(goal);
    assertThat(number(missed.get(0), "width")).isEqualTo(number(reached.get(0), "width"));
    assertThat(number(reached.get(1), "width"))
        .isEqualTo(number(missed.get(1), "width"))
        .isGreaterThan(number(reached.get(0), "width"));
    assertThat(texts(svg)).contains("twice", "half");
    assertWithin(svg);
  }

  private static void assertWithin(Document svg) {
    double width = number(svg.getDocumentElement(), "width");
    double height = number(svg.getDocumentElement(), "height");
    NodeList all = svg.getElementsByTagName("rect");
    for (int i = 0; i < all.getLength(); i++) {
      Element each = (Element) all.item(i);
      assertThat(number(each, "x")).isNotNegative();
      assertThat(number(each, "x") + number(each, "width")).isLessThanOrEqualTo(width);
      assertThat(number(each, "y") + number(each, "height")).isLessThanOrEqualTo(height);
    }
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> rectangles(Document svg, String... colours) {
    List<Element> found = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("rect");
    for (int i = 0; i < all.getLength(); i++) {
      Element each = (Element) all.item(i);
      if (List.of(colours).contains(each.getAttribute("fill"))) {
        found.add(each);
      }
    }
    return found;
  }

  private static List<String> texts(Document svg) {
    List<String> texts = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("text");
    for (int i = 0; i < all.getLength(); i++) {
      texts.add(all.item(i).getTextContent());
    }
    return texts;
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}
