package io.fspf.nio;

import static io.fspf.nio.FspfEnvironment.CACHE_BYTES;
import static io.fspf.nio.FspfEnvironment.COMMIT_INTERVAL;
import static io.fspf.nio.FspfEnvironment.CREATE;
import static io.fspf.nio.FspfEnvironment.EPHEMERAL_DIRECTORY;
import static io.fspf.nio.FspfEnvironment.FRESHNESS;
import static io.fspf.nio.FspfEnvironment.HOST_ROOT;
import static io.fspf.nio.FspfEnvironment.KEY;
import static io.fspf.nio.FspfEnvironment.KEYS;
import static io.fspf.nio.FspfEnvironment.KEY_FILE;
import static io.fspf.nio.FspfEnvironment.PASSPHRASE;
import static io.fspf.nio.FspfEnvironment.PASSPHRASE_FILE;
import static io.fspf.nio.FspfEnvironment.READ_ONLY;
import static io.fspf.nio.FspfEnvironment.TAG;
import static io.fspf.nio.FspfEnvironment.TAG_FILE;
import static io.fspf.nio.FspfEnvironment.TAG_POLICY;
import static io.fspf.nio.FspfEnvironment.TAG_STORE;
import static io.fspf.nio.FspfEnvironment.WORKING_DIRECTORY;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.fspf.Freshness;
import io.fspf.FreshnessException;
import io.fspf.VolumeKey;
import io.fspf.VolumeOptions;
import io.fspf.VolumePath;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagFiles;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStore;
import io.fspf.tag.TagStores;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What an environment asks for, with what the process says where the environment is silent.
 *
 * @param options for the core, not yet for writing
 * @param readOnly what was said of it
 * @param create whether a volume is to be made where there is none
 * @param workingDirectory where relative paths start
 * @param ephemeralDirectory where the contents of ephemeral regions stand for the time
 */
record OpenRequest(
    VolumeOptions options,
    Optional<Boolean> readOnly,
    boolean create,
    VolumePath workingDirectory,
    Optional<Path> ephemeralDirectory) {
  private static final System.Logger LOG = System.getLogger("io.fspf.nio");
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final String UNCHECKED = "unchecked";

  private static final Set<String> KEY_ENTRIES =
      ImmutableSet.of(KEYS, KEY, KEY_FILE, PASSPHRASE, PASSPHRASE_FILE);
  private static final Set<String> TAG_ENTRIES =
      ImmutableSet.of(FRESHNESS, TAG, TAG_FILE, TAG_STORE);
  private static final Set<String> OTHER_ENTRIES =
      ImmutableSet.of(
          TAG_POLICY,
          READ_ONLY,
          CREATE,
          CACHE_BYTES,
          COMMIT_INTERVAL,
          HOST_ROOT,
          EPHEMERAL_DIRECTORY,
          WORKING_DIRECTORY);

  /** The host directory for ephemeral regions. */
  Path ephemeralParent() {
    return ephemeralDirectory.orElseGet(
        () -> Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  /** System properties, and the entries that they stand for. */
  private static final Map<String, String> KEY_PROPERTIES =
      ImmutableMap.of(
          "fspf.keys", KEYS, "fspf.key.file", KEY_FILE, "fspf.passphrase.file", PASSPHRASE_FILE);

  private static final Map<String, String> TAG_PROPERTIES =
      ImmutableMap.of("fspf.tag", TAG, "fspf.tag.file", TAG_FILE, "fspf.tag.store", TAG_STORE);

  /** What this process says by its properties and its environment variables. */
  record ProcessSettings(Map<String, String> properties, Map<String, String> variables) {
    static ProcessSettings current() {
      var properties = ImmutableMap.<String, String>builder();
      for (String name : System.getProperties().stringPropertyNames()) {
        if (name.startsWith("fspf.")) {
          properties.put(name, System.getProperty(name, ""));
        }
      }
      return new ProcessSettings(properties.buildOrThrow(), System.getenv());
    }
  }

  /**
   * What an environment asks for.
   *
   * @throws IllegalArgumentException if an entry is not known or has no value of its kind
   */
  static OpenRequest of(Map<String, ?> environment, ProcessSettings process) throws IOException {
    for (String name : environment.keySet()) {
      if (!KEY_ENTRIES.contains(name)
          && !TAG_ENTRIES.contains(name)
          && !OTHER_ENTRIES.contains(name)) {
        throw new IllegalArgumentException("No entry of a volume's environment: " + name);
      }
    }
    VolumeOptions options = VolumeOptions.of(freshness(environment, process));
    Optional<KeyProvider> keys = keys(environment, process);
    if (keys.isPresent()) {
      options = options.withKeys(keys.get());
    }
    Object cache = environment.get(CACHE_BYTES);
    if (cache != null) {
      options = options.withCacheBytes(number(CACHE_BYTES, cache));
    }
    Object interval = environment.get(COMMIT_INTERVAL);
    if (interval != null) {
      options = options.withCommitInterval(duration(interval));
    }
    Object hostRoot = environment.get(HOST_ROOT);
    if (hostRoot == null) {
      hostRoot = process.properties().get("fspf.host.root");
    }
    if (hostRoot != null) {
      options = options.withHostRoot(path(HOST_ROOT, hostRoot));
    }
    Optional<io.fspf.FileOwner> owner = Principals.ofProcess();
    if (owner.isPresent()) {
      options = options.withOwner(owner.get());
    }
    Object working = environment.get(WORKING_DIRECTORY);
    return new OpenRequest(
        options,
        flag(environment, READ_ONLY),
        flag(environment, CREATE).orElse(false),
        working == null ? VolumePath.ROOT : VolumePath.of(text(WORKING_DIRECTORY, working)),
        Optional.ofNullable(environment.get(EPHEMERAL_DIRECTORY))
            .map(directory -> path(EPHEMERAL_DIRECTORY, directory)));
  }

  /** The one entry of several that is given; null if none is. */
  private static @Nullable String only(Map<String, ?> environment, Set<String> names) {
    Set<String> given = Sets.intersection(names, environment.keySet());
    if (given.size() > 1) {
      throw new IllegalArgumentException("Only one of these can be given: " + given);
    }
    return given.isEmpty() ? null : given.iterator().next();
  }

  /** The entries that properties of the process stand for. */
  private static Map<String, String> standIns(
      ProcessSettings process, Map<String, String> properties) {
    var entries = ImmutableMap.<String, String>builder();
    properties.forEach(
        (property, entry) -> {
          String value = process.properties().get(property);
          if (value != null) {
            entries.put(entry, value);
          }
        });
    return entries.buildOrThrow();
  }

  // ------------------------------------------------------------------------------------------
  // keys

  private static Optional<KeyProvider> keys(Map<String, ?> environment, ProcessSettings process)
      throws IOException {
    String given = only(environment, KEY_ENTRIES);
    if (given != null) {
      return Optional.of(keys(given, value(environment, given)));
    }
    Map<String, String> properties = standIns(process, KEY_PROPERTIES);
    String property = only(properties, KEY_ENTRIES);
    if (property != null) {
      return Optional.of(keys(property, value(properties, property)));
    }
    boolean variable =
        process.variables().containsKey("FSPF_KEY")
            || process.variables().containsKey("SCONE_FSPF_KEY");
    return variable
        ? Optional.of(
            KeyProviders.environment(
                process.variables(), warning -> LOG.log(Level.WARNING, warning)))
        : Optional.empty();
  }

  private static Object value(Map<String, ?> environment, String name) {
    Object value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The entry " + name + " has no value");
    }
    return value;
  }

  private static KeyProvider keys(String name, Object value) throws IOException {
    return switch (name) {
      case KEYS ->
          value instanceof String uri ? KeyProviders.of(uri) : cast(name, value, KeyProvider.class);
      case KEY -> {
        if (value instanceof VolumeKey key) {
          yield KeyProviders.raw(key);
        }
        try (VolumeKey key = VolumeKey.parse(text(name, value).strip())) {
          yield KeyProviders.raw(key);
        }
      }
      case KEY_FILE -> KeyProviders.file(path(name, value));
      case PASSPHRASE ->
          KeyProviders.passphrase(
              value instanceof char[] given ? given : text(name, value).toCharArray());
      default -> KeyProviders.passphraseFile(path(name, value));
    };
  }

  // ------------------------------------------------------------------------------------------
  // freshness

  private static Freshness freshness(Map<String, ?> environment, ProcessSettings process)
      throws IOException {
    Object policy = environment.get(TAG_POLICY);
    String given = only(environment, TAG_ENTRIES);
    if (given != null) {
      return freshness(given, value(environment, given), policy);
    }
    Map<String, String> properties = standIns(process, TAG_PROPERTIES);
    String property = only(properties, TAG_ENTRIES);
    if (property != null) {
      return freshness(property, value(properties, property), policy);
    }
    for (String variable : new String[] {"FSPF_TAG", "SCONE_FSPF_TAG"}) {
      String tag = process.variables().get(variable);
      if (tag != null && !tag.isBlank()) {
        return freshness(TAG, tag, policy);
      }
    }
    if (Boolean.parseBoolean(process.properties().get("fspf.tag.required"))) {
      throw new FreshnessException(
          "No root tag or tag store was given, and the property fspf.tag.required forbids to open"
              + " a volume without one");
    }
    if (WARNED.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "A volume is opened without a root tag or a tag store: that it is not an old state is not"
              + " checked. Say tag=unchecked to be asked no more");
    }
    return Freshness.unchecked();
  }

  private static Freshness freshness(String name, Object value, @Nullable Object policy)
      throws IOException {
    return switch (name) {
      case FRESHNESS -> cast(name, value, Freshness.class);
      case TAG ->
          value instanceof io.fspf.RootTag tag
              ? Freshness.pinned(tag)
              : text(name, value).equals(UNCHECKED)
                  ? Freshness.unchecked()
                  : Freshness.pinned(TagFiles.parse(text(name, value)));
      case TAG_FILE -> Freshness.pinned(TagFiles.read(path(name, value)));
      default -> {
        TagStore store = value instanceof TagStore given ? given : TagStores.of(text(name, value));
        yield Freshness.store(store, policy(policy));
      }
    };
  }

  private static TagPolicy policy(@Nullable Object value) {
    if (value == null) {
      return TagPolicy.ROLLBACK_PROTECTED;
    }
    return value instanceof TagPolicy policy
        ? policy
        : TagPolicy.valueOf(text(TAG_POLICY, value).toUpperCase(Locale.ROOT));
  }

  // ------------------------------------------------------------------------------------------
  // values

  private static <T> T cast(String name, Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("The entry " + name + " is no " + type.getSimpleName());
    }
    return type.cast(value);
  }

  private static String text(String name, Object value) {
    return cast(name, value, String.class);
  }

  private static Path path(String name, Object value) {
    return value instanceof Path path ? path : Path.of(text(name, value));
  }

  private static long number(String name, Object value) {
    try {
      return value instanceof Number number
          ? number.longValue()
          : Long.parseLong(text(name, value).strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("The entry " + name + " is no number", e);
    }
  }

  private static Duration duration(Object value) {
    if (value instanceof Duration duration) {
      return duration;
    }
    String text = text(COMMIT_INTERVAL, value).strip();
    try {
      return text.startsWith("P")
          ? Duration.parse(text)
          : Duration.ofSeconds(number(COMMIT_INTERVAL, text));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("The entry " + COMMIT_INTERVAL + " is no duration", e);
    }
  }

  private static Optional<Boolean> flag(Map<String, ?> environment, String name) {
    Object value = environment.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Boolean flag) {
      return Optional.of(flag);
    }
    return switch (text(name, value)) {
      case "true", "" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> throw new IllegalArgumentException("The entry " + name + " is true or false");
    };
  }
}
