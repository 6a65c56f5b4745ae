package io.fspf.cli;

import com.google.common.hash.HashCode;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fspf.FreshnessException;
import io.fspf.cas.client.CasClient;
import io.fspf.cas.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeMap;

/** Sessions in a service. */
final class SessionService {
  private SessionService() {}

  /** Brings a session to a service. */
  private interface Bringing {
    HashCode bring(CasClient client, Session session) throws IOException;
  }

  static Report create(
      PersonOptions person, TemplateOptions template, Terminal terminal, CommonOptions common)
      throws IOException {
    return bring(CasClient::create, "Created", person, template, terminal, common);
  }

  static Report update(
      PersonOptions person, TemplateOptions template, Terminal terminal, CommonOptions common)
      throws IOException {
    return bring(CasClient::update, "Updated", person, template, terminal, common);
  }

  private static Report bring(
      Bringing how,
      String done,
      PersonOptions person,
      TemplateOptions template,
      Terminal terminal,
      CommonOptions common)
      throws IOException {
    Session session = Sessions.read(template, terminal);
    Sessions.warn(session, terminal, common);
    HashCode hash = how.bring(client(person, terminal), session);
    return Sessions.report(session).note(done + " session " + session.name()).line("hash: " + hash);
  }

  static Report read(PersonOptions person, String session, Terminal terminal) throws IOException {
    CasClient.Shown shown = client(person, terminal).read(session);
    JsonElement document = JsonParser.parseString(shown.document());
    var tags = new JsonObject();
    var sorted = new TreeMap<>(shown.tags());
    sorted.forEach((volume, tag) -> tags.addProperty(volume, tag.toString()));
    Report report =
        new Report()
            .member("session", session)
            .member("hash", shown.hash().toString())
            .member("creator", shown.creator().toString())
            .member("tags", tags)
            .member("document", document)
            .line(
                new GsonBuilder()
                    .disableHtmlEscaping()
                    .setPrettyPrinting()
                    .create()
                    .toJson(document))
            .line("hash: " + shown.hash())
            .line("creator: " + shown.creator());
    sorted.forEach((volume, tag) -> report.line("tag of " + volume + ": " + tag));
    return report;
  }

  static Report verify(PersonOptions person, TemplateOptions template, Terminal terminal)
      throws IOException {
    Session session = Sessions.read(template, terminal);
    CasClient.Shown shown = client(person, terminal).read(session.name());
    if (!shown.hash().equals(session.hash())) {
      throw new FreshnessException(
          "The service holds another version of session %s: its hash is %s, that of %s is %s"
              .formatted(session.name(), shown.hash(), template.file(), session.hash()));
    }
    return Sessions.report(session)
        .note("The service holds exactly this session " + session.name())
        .line("hash: " + session.hash());
  }

  private static CasClient client(PersonOptions person, Terminal terminal) throws IOException {
    Path identity = person.identity(terminal);
    if (!Files.exists(identity)) {
      // A new identity would be nobody that a session knows.
      throw new NoSuchFileException(
          identity.toString(), null, "there is no such identity; fspf cas identity makes one");
    }
    return CasClient.of(person.address(terminal), person.certificate(terminal), identity);
  }
}
