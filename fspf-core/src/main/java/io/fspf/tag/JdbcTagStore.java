package io.fspf.tag;

import io.fspf.RootTag;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row per volume in a table {@code fspf_tags}, which is made on first use.
 *
 * <p>A compare-and-set is one conditional statement in a transaction of its own: an {@code UPDATE}
 * that names the expected tag, or an {@code INSERT} that the primary key lets only one of several
 * do. Plain SQL-92 but for {@code CREATE TABLE IF NOT EXISTS}, as H2, PostgreSQL, MariaDB and
 * SQLite have it; where the table exists already nothing but SQL-92 is used. How durable a commit
 * is, is the database's matter: leave {@code synchronous_commit} on.
 */
final class JdbcTagStore implements TagStore {
  private static final String CREATE =
      "CREATE TABLE IF NOT EXISTS fspf_tags (volume VARCHAR(128) NOT NULL PRIMARY KEY, tag CHAR(64)"
          + " NOT NULL, generation BIGINT NOT NULL)";
  private static final String PROBE = "SELECT volume FROM fspf_tags WHERE volume = ''";
  private static final String SELECT = "SELECT tag, generation FROM fspf_tags WHERE volume = ?";
  private static final String INSERT =
      "INSERT INTO fspf_tags (volume, tag, generation) VALUES (?, ?, ?)";
  private static final String UPDATE =
      "UPDATE fspf_tags SET tag = ?, generation = ? WHERE volume = ? AND tag = ?";
  private static final int ATTEMPTS = 20;

  /** Gives connections, which this store closes. */
  @FunctionalInterface
  interface Connections {
    Connection open() throws SQLException;
  }

  private final Connections connections;
  private volatile boolean tableExists;

  JdbcTagStore(Connections connections) {
    this.connections = connections;
  }

  @Override
  public Optional<TagState> load(String volume) throws IOException {
    TagNames.check(volume);
    return transaction(connection -> load(connection, volume));
  }

  private static Optional<TagState> load(Connection connection, String volume)
      throws SQLException, IOException {
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, volume);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        String source = "row of " + volume + " in fspf_tags";
        return Optional.of(TagText.state(rows.getString(1), rows.getString(2), source));
      }
    }
  }

  @Override
  public boolean compareAndSet(String volume, @Nullable RootTag expected, TagState next)
      throws IOException {
    TagNames.check(volume);
    return transaction(
        connection ->
            expected == null
                ? insert(connection, volume, next)
                : update(connection, volume, expected, next));
  }

  private static boolean insert(Connection connection, String volume, TagState next)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, volume);
      insert.setString(2, next.tag().toString());
      insert.setLong(3, next.generation());
      return insert.executeUpdate() == 1;
    } catch (SQLException e) {
      if (isClass(e, "23")) {
        // Integrity constraint violation: there is a row already.
        return false;
      }
      throw e;
    }
  }

  private static boolean update(
      Connection connection, String volume, RootTag expected, TagState next) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      update.setString(1, next.tag().toString());
      update.setLong(2, next.generation());
      update.setString(3, volume);
      update.setString(4, expected.toString());
      return update.executeUpdate() == 1;
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(Connection connection) throws SQLException, IOException;
  }

  private <T> T transaction(Work<T> work) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = connections.open()) {
        createTable(connection);
        connection.setAutoCommit(false);
        boolean done = false;
        try {
          T result = work.on(connection);
          connection.commit();
          done = true;
          return result;
        } finally {
          if (!done) {
            connection.rollback();
          }
        }
      } catch (SQLException e) {
        // Class 40: the database has rolled the transaction back, for a deadlock or to keep it
        // serializable.
        if (!isClass(e, "40") || attempt == ATTEMPTS) {
          throw failure(e);
        }
      }
    }
  }

  private void createTable(Connection connection) throws SQLException {
    if (tableExists) {
      return;
    }
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      if (!succeeds(statement, PROBE) && !succeeds(statement, CREATE)) {
        // Two that create the table at once may fail in PostgreSQL; then it exists now.
        statement.execute(PROBE);
      }
    }
    tableExists = true;
  }

  private static boolean succeeds(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static boolean isClass(SQLException e, String sqlStateClass) {
    String state = e.getSQLState();
    return state != null && state.startsWith(sqlStateClass);
  }

  /**
   * Without the driver's message and its cause: they may show the URL, and that may hold a
   * password.
   */
  private static IOException failure(SQLException e) {
    return new IOException(
        "The tag store's database failed: "
            + e.getClass().getSimpleName()
            + ", SQLSTATE "
            + e.getSQLState()
            + ", code "
            + e.getErrorCode());
  }
}
