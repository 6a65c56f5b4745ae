package io.fspf.bench.report;

import com.google.common.base.Preconditions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of Markdown, built row by row. Not thread-safe. */
public final class MarkdownTable {
  private final int columns;
  private final StringBuilder text = new StringBuilder();

  /** A table with these headings. */
  public MarkdownTable(List<String> headings) {
    columns = headings.size();
    row(headings);
    text.append('|').append(String.join("|", Collections.nCopies(columns, "---"))).append("|\n");
  }

  /** Adds a row; a bar in a cell does not end it. */
  public MarkdownTable row(List<String> cells) {
    Preconditions.checkArgument(cells.size() == columns, "A row has %s cells", columns);
    List<String> escaped = new ArrayList<>();
    cells.forEach(cell -> escaped.add(cell.replace("|", "\\|")));
    text.append("| ").append(String.join(" | ", escaped)).append(" |\n");
    return this;
  }

  /** The table. */
  @Override
  public String toString() {
    return text.toString();
  }
}
