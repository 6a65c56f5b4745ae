package io.fspf.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTagStoreTest extends TagStoreContractTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

  private String url() {
    return database + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
  }

  @Override
  TagStore emptyStore() {
    return TagStores.jdbc(url());
  }

  @Override
  TagStore sameStore() {
    var source = new JdbcDataSource();
    source.setURL(url());
    return TagStores.jdbc(source);
  }

  @AfterEach
  void shutDown() throws Exception {
    execute("SHUTDOWN");
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aMalformedRowIsRefused() throws Exception {
    store.compareAndSet("v", null, state(1));
    for (String change : new String[] {"tag = 'x'", "generation = -1"}) {
      execute("UPDATE fspf_tags SET " + change + " WHERE volume = 'v'");
      assertThatThrownBy(() -> store.load("v"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Malformed");
    }
  }

  @Test
  void worksInAnyIsolation() throws Exception {
    store.compareAndSet("v", null, state(1));
    for (String level : new String[] {"READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"}) {
      var source = new JdbcDataSource();
      source.setURL(
          url() + ";INIT=SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL " + level);
      TagStore strict = TagStores.jdbc(source);
      long generation = strict.load("v").orElseThrow().generation();
      assertThat(strict.compareAndSet("v", tag((int) generation), state((int) generation + 1)))
          .isTrue();
      assertThat(strict.compareAndSet("v", tag((int) generation), state((int) generation + 2)))
          .isFalse();
    }
  }

  @Test
  void aDatabaseThatIsGoneIsNoEmptyStore() {
    TagStore none = TagStores.jdbc("jdbc:h2:" + temporary.resolve("none") + ";IFEXISTS=TRUE");
    assertThatThrownBy(() -> none.load("v")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> none.compareAndSet("v", null, state(1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aPasswordInTheUrlIsNotShown() {
    TagStore none = TagStores.jdbc("jdbc:nosuchdriver://user:SECRET@host/db?password=SECRET");
    assertThatThrownBy(() -> none.load("v"))
        .isInstanceOf(IOException.class)
        .satisfies(
            e -> {
              var trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString()).doesNotContain("SECRET").contains("SQLSTATE");
            });
  }
}
