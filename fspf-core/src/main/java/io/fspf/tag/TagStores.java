package io.fspf.tag;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.fspf.VolumePath;
import io.fspf.internal.host.NioHost;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.sql.DataSource;

/** The built-in tag stores, and the way to others. */
public final class TagStores {
  private static final Duration EXEC_TIMEOUT = Duration.ofSeconds(30);

  /** The schemes behind which nothing is escaped in text. */
  private static final ImmutableSet<String> PLAIN = ImmutableSet.of("memory", "dir", "exec");

  /** Those that {@code memory:} URIs name, so that the same URI is the same store. */
  private static final ConcurrentMap<String, TagStore> NAMED = new ConcurrentHashMap<>();

  private TagStores() {}

  /**
   * A new store that lasts as long as the object: for tests and for volumes that live as long as a
   * process.
   */
  public static TagStore memory() {
    return new MemoryTagStore();
  }

  /**
   * A store of one small text file per volume in a directory, which is made if it is missing.
   * Processes of one machine may share it. The directory must be where the volume's host cannot put
   * old files back: another machine, a medium of its own, a protected file system.
   *
   * @throws IOException if the directory cannot be made
   */
  public static TagStore directory(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (!Files.isDirectory(absolute)) {
      Files.createDirectories(absolute);
      Path parent = absolute.getParent();
      if (parent != null) {
        NioHost.directory(parent).syncDirectory(VolumePath.ROOT);
      }
    }
    return new DirectoryTagStore(NioHost.directory(absolute));
  }

  /**
   * A store in a table {@code fspf_tags} of a database, which is made on first use: {@code volume
   * VARCHAR(128) PRIMARY KEY, tag CHAR(64), generation BIGINT}. Each call takes a connection and
   * closes it, so a pool is of use.
   */
  public static TagStore jdbc(DataSource database) {
    return new JdbcTagStore(database::getConnection);
  }

  /** The same, for the database at a JDBC URL whose driver is at hand. */
  public static TagStore jdbc(String url) {
    return new JdbcTagStore(() -> DriverManager.getConnection(url));
  }

  /**
   * A store that is a command, in the manner of git's credential helpers, which may take 30
   * seconds. The command's last argument is the verb, {@code get} or {@code cas}. The question
   * stands on its standard input and the answer on its standard output, as lines {@code key=value}
   * in UTF-8 that an empty line or the end closes. Unknown keys are to be ignored on both sides.
   *
   * <pre>
   * get    protocol=1             answer   state=present          or   state=absent
   *        volume=NAME                     tag=64 hex digits
   *                                        generation=NUMBER
   *
   * cas    protocol=1             answer   result=stored          or   result=conflict
   *        volume=NAME
   *        expected=64 hex digits, or nothing where no state is to be there yet
   *        tag=64 hex digits
   *        generation=NUMBER
   * </pre>
   *
   * <p>{@code stored} promises that the state is durable. Every exit code but 0, every other answer
   * and none in time is an {@link IOException}, with the first line of the standard error output as
   * the reason.
   */
  public static TagStore exec(List<String> command) {
    return exec(command, EXEC_TIMEOUT);
  }

  /**
   * The same, with another time limit for each call, after which the command and its children are
   * killed.
   */
  public static TagStore exec(List<String> command, Duration timeout) {
    return new ExecTagStore(command, timeout);
  }

  /**
   * The store that a URI names: {@code memory:} or {@code memory:NAME} (one store per name in this
   * JVM), {@code dir:/path}, {@code file:/path}, {@code jdbc:...}, {@code exec:command
   * argument...}, or one of a {@link TagStoreFactory}.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static TagStore of(URI uri) throws IOException {
    if ("file".equalsIgnoreCase(uri.getScheme())) {
      return directory(path(uri.toString(), () -> Path.of(uri)));
    }
    boolean plain = PLAIN.contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
    return of(plain ? uri.getScheme() + ":" + uri.getSchemeSpecificPart() : uri.toString());
  }

  /**
   * The same from text, in which nothing is escaped but in {@code file:} URIs: what follows {@code
   * dir:} is a path as it is, and the words after {@code exec:} are parted by white space.
   *
   * @throws IllegalArgumentException if it names none
   */
  public static TagStore of(String uri) throws IOException {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = uri.substring(colon + 1);
    return switch (scheme) {
      case "memory" -> NAMED.computeIfAbsent(rest, name -> memory());
      case "dir" -> directory(path(uri, () -> Path.of(rest)));
      case "file" -> directory(path(uri, () -> Path.of(new URI(uri))));
      case "jdbc" -> jdbc(uri);
      case "exec" ->
          exec(Splitter.on(CharMatcher.whitespace()).omitEmptyStrings().splitToList(rest));
      default -> other(scheme).open(uri);
    };
  }

  private static TagStoreFactory other(String scheme) {
    for (TagStoreFactory factory : ServiceLoader.load(TagStoreFactory.class)) {
      if (factory.scheme().equals(scheme)) {
        return factory;
      }
    }
    throw new IllegalArgumentException(
        "A tag store is memory:, dir:/path, file:/path, jdbc:..., exec:command, or what a"
            + " TagStoreFactory brings");
  }

  @FunctionalInterface
  private interface PathOf {
    Path get() throws URISyntaxException;
  }

  private static Path path(String uri, PathOf path) {
    try {
      Path result = path.get();
      if (!result.isAbsolute()) {
        throw new IllegalArgumentException(
            "A tag store's directory needs an absolute path: " + uri);
      }
      return result;
    } catch (URISyntaxException | InvalidPathException e) {
      throw new IllegalArgumentException("Not a tag store's directory: " + uri, e);
    }
  }
}
