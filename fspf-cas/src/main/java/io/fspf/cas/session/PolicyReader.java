package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.Platform;
import io.fspf.cas.session.AccessPolicy.Admitted;
import io.fspf.cas.session.AttestationPolicy.Tolerance;
import io.fspf.cas.session.Yaml.Node;
import io.fspf.cas.session.Yaml.Scalar;
import io.fspf.cas.session.Yaml.Sequence;
import java.util.List;
import java.util.Optional;

/** Reads who may use a session, and which evidence it accepts. */
final class PolicyReader {
  private PolicyReader() {}

  static AccessPolicy access(Fields fields) throws SessionException {
    return new AccessPolicy(admitted(fields, "read"), admitted(fields, "update"));
  }

  private static Admitted admitted(Fields fields, String key) throws SessionException {
    Optional<ImmutableList<String>> words = fields.values(key, text -> text);
    if (words.isEmpty()) {
      return Admitted.CREATOR;
    }
    var keys = ImmutableSet.<HashCode>builder();
    boolean anyone = false;
    boolean creator = false;
    for (String word : words.get()) {
      switch (word) {
        case "ANY" -> anyone = true;
        case "CREATOR" -> creator = true;
        case "NONE" -> {
          if (words.get().size() > 1) {
            throw fields.error("says NONE and others in '" + key + "'");
          }
        }
        default -> {
          try {
            keys.add(SessionReader.hash(word));
          } catch (IllegalArgumentException e) {
            throw fields.error(
                "has something in '"
                    + key
                    + "' that is not CREATOR, ANY, NONE or the hash of a key");
          }
        }
      }
    }
    return new Admitted(anyone, creator, keys.build());
  }

  static AttestationPolicy security(Fields fields) throws SessionException {
    return fields.within("attestation", PolicyReader::attestation).orElse(AttestationPolicy.STRICT);
  }

  private static AttestationPolicy attestation(Fields fields) throws SessionException {
    boolean simulation =
        fields
            .value(
                "mode",
                text -> SessionReader.oneOf(ImmutableSet.of("hardware", "simulation"), text))
            .orElse("hardware")
            .equals("simulation");
    var platforms =
        fields.values(
            "platforms", text -> SessionReader.byId(Platform.values(), Platform::id, text));
    var tolerated =
        fields.values(
            "tolerate", text -> SessionReader.byId(Tolerance.values(), Tolerance::id, text));
    var ignored = fields.any("ignore_advisories", PolicyReader::advisories);
    boolean all = ignored.isPresent() && ignored.get().contains(ExportTarget.ANYONE);
    return new AttestationPolicy(
        simulation,
        platforms.map(ImmutableSet::copyOf).orElse(AttestationPolicy.STRICT.platforms()),
        tolerated.map(ImmutableSet::copyOf).orElse(ImmutableSet.of()),
        all,
        all ? ImmutableSet.of() : ignored.orElse(ImmutableSet.of()));
  }

  private static ImmutableSet<String> advisories(Node node) throws SessionException {
    List<Node> items = node instanceof Sequence sequence ? sequence.items() : List.of(node);
    var names = ImmutableSet.<String>builder();
    for (Node item : items) {
      if (!(item instanceof Scalar scalar)) {
        throw new SessionException(item.line(), "'ignore_advisories' holds names, or is \"*\"");
      }
      names.add(scalar.text());
    }
    return names.build();
  }
}
