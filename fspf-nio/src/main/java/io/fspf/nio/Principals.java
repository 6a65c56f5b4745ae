package io.fspf.nio;

import com.google.common.collect.ImmutableMap;
import io.fspf.FileOwner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users and groups. A volume keeps numbers; their names are those of the machine at hand ({@code
 * /etc/passwd} and {@code /etc/group}), and a number without a name is its own name, in decimal.
 *
 * <p>Names are the host's word: nothing is protected by them. Thread-safe.
 */
final class Principals {
  static final UserPrincipalLookupService LOOKUP = new Lookup();

  private static final Table USERS = new Table("/etc/passwd");
  private static final Table GROUPS = new Table("/etc/group");
  private static final Map<Integer, UserPrincipal> KNOWN_USERS = new ConcurrentHashMap<>();
  private static final Map<Integer, GroupPrincipal> KNOWN_GROUPS = new ConcurrentHashMap<>();

  private Principals() {}

  /** A user. */
  record User(int id, String getName) implements UserPrincipal {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof User user && user.id == id;
    }

    @Override
    public int hashCode() {
      return id;
    }

    @Override
    public String toString() {
      return getName;
    }
  }

  /** A group. */
  record Group(int id, String getName) implements GroupPrincipal {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Group group && group.id == id;
    }

    @Override
    public int hashCode() {
      return id;
    }

    @Override
    public String toString() {
      return getName;
    }
  }

  /** The user, as the default file system has it, so that it serves there as well. */
  static UserPrincipal user(int uid) {
    UserPrincipal known = KNOWN_USERS.get(uid);
    if (known == null) {
      String name = USERS.name(uid);
      try {
        known = platform().lookupPrincipalByName(name);
      } catch (IOException | UnsupportedOperationException e) {
        known = new User(uid, name);
      }
      KNOWN_USERS.put(uid, known);
    }
    return known;
  }

  /** The group, in the same way. */
  static GroupPrincipal group(int gid) {
    GroupPrincipal known = KNOWN_GROUPS.get(gid);
    if (known == null) {
      String name = GROUPS.name(gid);
      try {
        known = platform().lookupPrincipalByGroupName(name);
      } catch (IOException | UnsupportedOperationException e) {
        known = new Group(gid, name);
      }
      KNOWN_GROUPS.put(gid, known);
    }
    return known;
  }

  private static UserPrincipalLookupService platform() {
    return FileSystems.getDefault().getUserPrincipalLookupService();
  }

  /**
   * The number of a user.
   *
   * @throws ProviderMismatchException if it is neither the default file system's nor a volume's
   */
  static int uid(UserPrincipal user) throws IOException {
    if (user instanceof User known) {
      return known.id;
    }
    requirePlatform(user, PLATFORM_USERS);
    return USERS.id(user.getName());
  }

  /**
   * The number of a group.
   *
   * @throws ProviderMismatchException if it is neither the default file system's nor a volume's
   */
  static int gid(GroupPrincipal group) throws IOException {
    if (group instanceof Group known) {
      return known.id;
    }
    requirePlatform(group, PLATFORM_GROUPS);
    return GROUPS.id(group.getName());
  }

  private interface Finder {
    UserPrincipal find(String name) throws IOException;
  }

  private static final Finder PLATFORM_USERS = name -> platform().lookupPrincipalByName(name);
  private static final Finder PLATFORM_GROUPS = name -> platform().lookupPrincipalByGroupName(name);

  private static void requirePlatform(UserPrincipal principal, Finder finder) throws IOException {
    if (!finder.find(principal.getName()).equals(principal)) {
      throw new ProviderMismatchException("Of another file system: " + principal.getName());
    }
  }

  /** Whom new files of this process belong to, where the machine tells. */
  static Optional<FileOwner> ofProcess() {
    Path self = Path.of("/proc/self");
    try {
      return Optional.of(
          new FileOwner(
              (Integer) Files.getAttribute(self, "unix:uid"),
              (Integer) Files.getAttribute(self, "unix:gid")));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Names and numbers of one file, read when first needed. */
  private static final class Table {
    private final String file;
    private @Nullable Map<String, Integer> ids;
    private @Nullable Map<Integer, String> names;

    Table(String file) {
      this.file = file;
    }

    synchronized String name(int id) {
      if (names == null) {
        var inverse = new HashMap<Integer, String>();
        ids().forEach((name, number) -> inverse.putIfAbsent(number, name));
        names = ImmutableMap.copyOf(inverse);
      }
      return names.getOrDefault(id, Integer.toUnsignedString(id));
    }

    synchronized int id(String name) throws UserPrincipalNotFoundException {
      Integer known = ids().get(name);
      if (known != null) {
        return known;
      }
      try {
        return Integer.parseUnsignedInt(name);
      } catch (NumberFormatException e) {
        throw new UserPrincipalNotFoundException(name);
      }
    }

    private Map<String, Integer> ids() {
      Map<String, Integer> known = ids;
      if (known == null) {
        known = read();
        ids = known;
      }
      return known;
    }

    /** Lines of {@code name:password:number:...}, passwd(5) and group(5). */
    private Map<String, Integer> read() {
      var read = new java.util.LinkedHashMap<String, Integer>();
      try (var lines = Files.lines(Path.of(file), StandardCharsets.ISO_8859_1)) {
        lines
            .map(line -> line.split(":", 4))
            .filter(fields -> fields.length >= 3 && fields[2].matches("[0-9]{1,9}"))
            .forEach(fields -> read.putIfAbsent(fields[0], Integer.valueOf(fields[2])));
      } catch (IOException | java.io.UncheckedIOException e) {
        return ImmutableMap.of(); // No such file on this machine: numbers serve.
      }
      return ImmutableMap.copyOf(read);
    }
  }

  /** The public face. */
  private static final class Lookup extends UserPrincipalLookupService {
    @Override
    public UserPrincipal lookupPrincipalByName(String name) throws IOException {
      return user(USERS.id(name));
    }

    @Override
    public GroupPrincipal lookupPrincipalByGroupName(String group) throws IOException {
      return group(GROUPS.id(group));
    }
  }
}
