package io.fspf.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measurements as a table and a plot: a column for each value of one parameter, a row for each
 * benchmark and each combination of the other parameters.
 *
 * @param parameter whose values are the columns
 * @param baseline the column that the others are compared with
 * @param labels of columns and rows, by the values of parameters; others stand as they are
 */
public record Pivot(String parameter, String baseline, Map<String, String> labels) {
  private static final String MISSING = "";

  /** A row's place: a benchmark and the labels of its parameters. */
  private record Row(String benchmark, String parameters) {}

  /** Keeps a copy. */
  public Pivot {
    labels = Map.copyOf(labels);
  }

  /** The table. In brackets is how many times as fast as the baseline it is. */
  public MarkdownTable table(Results results) {
    List<String> columns = columns(results);
    List<String> headings = new ArrayList<>(List.of("", ""));
    columns.forEach(column -> headings.add(label(column)));
    var table = new MarkdownTable(headings);
    String before = "";
    for (var entry : rows(results).entrySet()) {
      Row row = entry.getKey();
      List<String> cells = new ArrayList<>();
      cells.add(row.benchmark().equals(before) ? "" : row.benchmark());
      cells.add(row.parameters());
      columns.forEach(column -> cells.add(cell(entry.getValue(), column)));
      table.row(cells);
      before = row.benchmark();
    }
    return table;
  }

  /** The plot, a panel for each benchmark. */
  public BarChart chart(Results results, String title) {
    List<String> columns = columns(results);
    Map<String, List<BarChart.Group>> panels = new LinkedHashMap<>();
    rows(results)
        .forEach(
            (row, cells) -> {
              String unit = cells.values().iterator().next().unit().symbol();
              panels
                  .computeIfAbsent(row.benchmark() + ", " + unit, key -> new ArrayList<>())
                  .add(new BarChart.Group(row.parameters(), values(cells, columns)));
            });
    return new BarChart(
        title,
        columns.stream().map(this::label).toList(),
        panels.entrySet().stream()
            .map(panel -> new BarChart.Panel(panel.getKey(), panel.getValue()))
            .toList());
  }

  private static List<Optional<Double>> values(
      Map<String, Measurement> cells, List<String> columns) {
    return columns.stream()
        .map(
            column ->
                Optional.ofNullable(cells.get(column))
                    .map(each -> each.unit().scaled(each.median())))
        .toList();
  }

  private String cell(Map<String, Measurement> cells, String column) {
    Measurement own = cells.get(column);
    if (own == null) {
      return MISSING;
    }
    String text = own.unit().text(own.median());
    Measurement base = cells.get(baseline);
    return base == null || column.equals(baseline)
        ? text
        : text + " (" + Unit.digits(base.median() / own.median()) + "×)";
  }

  private List<String> columns(Results results) {
    Set<String> columns = new LinkedHashSet<>();
    results.measurements().forEach(each -> columns.add(each.parameter(parameter)));
    return List.copyOf(columns);
  }

  private Map<Row, Map<String, Measurement>> rows(Results results) {
    Map<Row, Map<String, Measurement>> rows = new LinkedHashMap<>();
    for (Measurement each : results.measurements()) {
      List<String> others = new ArrayList<>();
      each.parameters()
          .forEach(
              (name, value) -> {
                if (!name.equals(parameter)) {
                  others.add(label(value));
                }
              });
      rows.computeIfAbsent(
              new Row(each.benchmark(), String.join(", ", others)), key -> new LinkedHashMap<>())
          .put(each.parameter(parameter), each);
    }
    return rows;
  }

  private String label(String value) {
    return labels.getOrDefault(value, value);
  }
}
