package io.fspf.cli;

import com.google.gson.JsonArray;
import io.fspf.VolumeKey;
import io.fspf.cas.session.RootFileSystem;
import io.fspf.cas.session.Service;
import io.fspf.cas.session.Session;
import io.fspf.cas.session.SessionException;
import io.fspf.cas.session.SessionVolume;
import io.fspf.key.KeyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Session documents, before a service has them. */
final class Sessions {
  private static final int MAX_DOCUMENT = 1 << 20;

  private Sessions() {}

  static Report check(TemplateOptions template, Terminal terminal, CommonOptions common)
      throws IOException {
    Session session = read(template, terminal);
    warn(session, terminal, common);
    var warnings = new JsonArray();
    session.warnings().forEach(warnings::add);
    return report(session)
        .member("services", session.services().size())
        .member("images", session.images().size())
        .member("volumes", session.volumes().size())
        .member("warnings", warnings)
        .note("The session " + session.name() + " is well formed")
        .line("hash: " + session.hash());
  }

  static Report hash(TemplateOptions template, Terminal terminal) throws IOException {
    Session session = read(template, terminal);
    return report(session).line(session.hash().toString());
  }

  /** Says who it is about. */
  static Report report(Session session) {
    return new Report().member("session", session.name()).member("hash", session.hash().toString());
  }

  static void warn(Session session, Terminal terminal, CommonOptions common) {
    for (String warning : session.warnings()) {
      terminal.warn(common, warning);
    }
  }

  /** Reads a document; keys must not have come by an argument or a file that is open to others. */
  static Session read(TemplateOptions template, Terminal terminal) throws IOException {
    Map<String, String> values = template.resolved();
    Session session;
    try {
      session =
          Session.read(
              document(template.file()),
              name ->
                  Optional.ofNullable(values.get(name))
                      .or(
                          () ->
                              template.useEnvironment()
                                  ? terminal.firstSet(name)
                                  : Optional.empty()));
    } catch (SessionException e) {
      throw template.wrongUse(template.file() + ": " + e.getMessage());
    }
    List<VolumeKey> keys = keys(session);
    for (Map.Entry<String, String> argument : template.inArguments().entrySet()) {
      if (keys.stream().anyMatch(key -> isText(key, argument.getValue()))) {
        throw template.wrongUse(
            "The value of %1$s is a key, and arguments are seen by every user: say -e %1$s=@FILE"
                .formatted(argument.getKey()));
      }
    }
    for (Map.Entry<String, Path> file : template.inFiles().entrySet()) {
      String value = values.getOrDefault(file.getKey(), "");
      if (keys.stream().anyMatch(key -> isText(key, value))) {
        // It is refused if it is open to others.
        KeyFiles.read(file.getValue()).close();
      }
    }
    return session;
  }

  private static boolean isText(VolumeKey key, String text) {
    try (VolumeKey other = VolumeKey.parse(text)) {
      return key.equals(other);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<VolumeKey> keys(Session session) {
    List<VolumeKey> keys = new ArrayList<>();
    session.volumes().stream().map(SessionVolume::key).flatMap(Optional::stream).forEach(keys::add);
    session.services().stream()
        .map(Service::root)
        .flatMap(Optional::stream)
        .map(RootFileSystem::key)
        .flatMap(Optional::stream)
        .forEach(keys::add);
    return keys;
  }

  private static String document(Path file) throws IOException {
    if (Files.size(file) > MAX_DOCUMENT) {
      throw new IOException(file + " is too long for a session");
    }
    return Files.readString(file);
  }
}
