package io.fspf.nio;

import com.google.common.collect.ImmutableMap;
import io.fspf.Freshness;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/**
 * How a volume is opened as a file system: the environment that {@link
 * java.nio.file.FileSystems#newFileSystem(java.net.URI, Map)} takes, with its entries as methods.
 * Starts from {@link #empty}; each {@code with} method returns a changed copy.
 *
 * <p>The same entries may stand in any map, with text for values:
 *
 * <table>
 * <caption>Entries</caption>
 * <tr><td>{@code keyFile}</td><td>path of a key file</td></tr>
 * <tr><td>{@code keys}</td><td>URI of what has the key, as {@link KeyProviders#of(String)} takes
 * it</td></tr>
 * <tr><td>{@code key}</td><td>the volume key, 64 hex digits</td></tr>
 * <tr><td>{@code passphrase}</td><td>a passphrase, a string or {@code char[]}</td></tr>
 * <tr><td>{@code passphraseFile}</td><td>path of a file that holds one</td></tr>
 * <tr><td>{@code tag}</td><td>the root tag that pins one state, 64 hex digits; or {@code
 * unchecked}</td></tr>
 * <tr><td>{@code tagFile}</td><td>path of a file that holds it</td></tr>
 * <tr><td>{@code tagStore}</td><td>URI of a tag store, as {@link io.fspf.tag.TagStores#of(String)}
 * takes it</td></tr>
 * <tr><td>{@code tagPolicy}</td><td>what the tag store obliges to, a name of {@link
 * TagPolicy}</td></tr>
 * <tr><td>{@code readOnly}</td><td>{@code true}: the volume is opened for reading; {@code false}: it
 * must be writable. Otherwise it is opened for writing if its fspf file can be
 * written</td></tr>
 * <tr><td>{@code create}</td><td>{@code true}: where there is no volume, a new encrypted one is
 * made, and its key file too</td></tr>
 * <tr><td>{@code cacheBytes}</td><td>the bound of the caches, a number</td></tr>
 * <tr><td>{@code commitInterval}</td><td>how long a change may wait for a commit: seconds, or an
 * ISO 8601 duration</td></tr>
 * <tr><td>{@code hostRoot}</td><td>a directory below which the regions' absolute host directories
 * are looked for</td></tr>
 * <tr><td>{@code ephemeralDirectory}</td><td>a host directory in which ephemeral regions keep their
 * contents, encrypted under a key that is thrown away, as long as the volume is open; that of
 * temporary files if nothing is said</td></tr>
 * <tr><td>{@code workingDirectory}</td><td>where relative paths start, {@code /} if nothing is
 * said</td></tr>
 * </table>
 *
 * <p>Any other entry is refused. Where no entry speaks of a key, the system properties {@code
 * fspf.keys}, {@code fspf.key.file} and {@code fspf.passphrase.file} count, then the environment
 * variables {@code FSPF_KEY} and {@code SCONE_FSPF_KEY}. Where none speaks of a tag, the properties
 * {@code fspf.tag}, {@code fspf.tag.file} and {@code fspf.tag.store} count, then the variables
 * {@code FSPF_TAG} and {@code SCONE_FSPF_TAG}; without any of them the volume opens in whatever
 * state the host offers, and a warning says so once, unless the property {@code fspf.tag.required}
 * is {@code true}: then that is refused.
 *
 * <p>Immutable. Secrets are not shown by {@link #toString}.
 */
public final class FspfEnvironment extends AbstractMap<String, Object> {
  static final String KEY_FILE = "keyFile";
  static final String KEY = "key";
  static final String KEYS = "keys";
  static final String PASSPHRASE = "passphrase";
  static final String PASSPHRASE_FILE = "passphraseFile";
  static final String TAG = "tag";
  static final String TAG_FILE = "tagFile";
  static final String TAG_STORE = "tagStore";
  static final String TAG_POLICY = "tagPolicy";
  static final String FRESHNESS = "freshness";
  static final String READ_ONLY = "readOnly";
  static final String CREATE = "create";
  static final String CACHE_BYTES = "cacheBytes";
  static final String COMMIT_INTERVAL = "commitInterval";
  static final String HOST_ROOT = "hostRoot";
  static final String EPHEMERAL_DIRECTORY = "ephemeralDirectory";
  static final String WORKING_DIRECTORY = "workingDirectory";

  private static final FspfEnvironment EMPTY = new FspfEnvironment(ImmutableMap.of());

  private final ImmutableMap<String, Object> entries;

  private FspfEnvironment(ImmutableMap<String, Object> entries) {
    this.entries = entries;
  }

  /** The environment that says nothing. */
  public static FspfEnvironment empty() {
    return EMPTY;
  }

  private FspfEnvironment with(String name, Object value) {
    return new FspfEnvironment(
        ImmutableMap.<String, Object>builder().putAll(entries).put(name, value).buildKeepingLast());
  }

  /** The key comes from this file, which {@link #create} makes where there is none. */
  public FspfEnvironment withKeyFile(Path file) {
    return with(KEY_FILE, file);
  }

  /** The volume key itself, of which a copy is kept as long as this object is. */
  public FspfEnvironment withKey(VolumeKey key) {
    return with(KEYS, KeyProviders.raw(key));
  }

  /** The key comes from here. */
  public FspfEnvironment withKeys(KeyProvider keys) {
    return with(KEYS, keys);
  }

  /** The key is wrapped under this passphrase, of which a copy is kept. */
  public FspfEnvironment withPassphrase(char[] passphrase) {
    return with(KEYS, KeyProviders.passphrase(passphrase));
  }

  /** Exactly this state, for reading. */
  public FspfEnvironment withTag(RootTag tag) {
    return with(FRESHNESS, Freshness.pinned(tag));
  }

  /** The state that this store remembers. */
  public FspfEnvironment withTagStore(TagStore store, TagPolicy policy) {
    return with(FRESHNESS, Freshness.store(store, policy));
  }

  /** How the newest state is told from an older one. */
  public FspfEnvironment withFreshness(Freshness freshness) {
    return with(FRESHNESS, freshness);
  }

  /** For reading only. */
  public FspfEnvironment readOnly() {
    return with(READ_ONLY, true);
  }

  /** For writing, or not at all. */
  public FspfEnvironment writable() {
    return with(READ_ONLY, false);
  }

  /**
   * Where there is no volume, an encrypted one is made. A place that does not exist becomes a
   * directory with an {@code fspf.pb} in it, unless its name ends in {@code .pb} or {@code .fspf}:
   * then it becomes the fspf file.
   */
  public FspfEnvironment create() {
    return with(CREATE, true);
  }

  /** How many bytes the caches may hold. */
  public FspfEnvironment withCacheBytes(long bytes) {
    return with(CACHE_BYTES, bytes);
  }

  /** How long a change may wait for a commit that nobody asks for; zero for as long as it takes. */
  public FspfEnvironment withCommitInterval(Duration interval) {
    return with(COMMIT_INTERVAL, interval);
  }

  /** Where the regions' absolute host directories are looked for. */
  public FspfEnvironment withHostRoot(Path root) {
    return with(HOST_ROOT, root);
  }

  /** A host directory in which ephemeral regions keep their contents for the time. */
  public FspfEnvironment withEphemeralDirectory(Path directory) {
    return with(EPHEMERAL_DIRECTORY, directory);
  }

  /** Where relative paths start: an absolute path of the volume. */
  public FspfEnvironment withWorkingDirectory(String path) {
    return with(WORKING_DIRECTORY, path);
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return entries.entrySet();
  }

  /** The names of the entries alone. */
  @Override
  public String toString() {
    return keySet().toString();
  }
}
