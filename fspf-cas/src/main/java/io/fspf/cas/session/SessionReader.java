package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.session.AccessPolicy.Admitted;
import io.fspf.cas.session.Yaml.Node;
import io.fspf.cas.session.Yaml.Scalar;
import io.fspf.cas.session.Yaml.Sequence;
import io.fspf.tag.TagPolicy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Makes a session of a document: the language of SCONE's sessions, versions 0.1 and 0.3, as far as
 * it speaks of volumes. What it does not know is an error, since to overlook a part of a policy is
 * to weaken it.
 */
final class SessionReader {
  static final String TOP = "the session";
  static final String KEY = "fspf_key";
  static final String CONTENT = "content";
  static final String ENVIRONMENT = "environment";

  /** Names stand in requests, logs and paths. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._@/+-]{0,199}");

  private static final Pattern MEASUREMENT = Pattern.compile("[0-9a-fA-F]{64}|[0-9a-fA-F]{96}");
  private static final Pattern DOTS = Pattern.compile("/\\.{1,2}(/|$)");
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
  private static final ImmutableSet<String> VERSIONS =
      ImmutableSet.of("0.1", "0.2", "0.3", "0.3.11");
  private static final ImmutableSet<String> DIGESTS = ImmutableSet.of("create");

  private SessionReader() {}

  static Session read(Node document) throws SessionException {
    Fields fields = Fields.of(TOP, document);
    String name =
        fields.value("name", SessionReader::name).orElseThrow(() -> fields.error("has no 'name'"));
    fields.value("version", version -> oneOf(VERSIONS, version));
    Optional<String> digest = fields.text("digest");
    Optional<HashCode> predecessor = fields.value("predecessor", SessionReader::hash);
    if (digest.isPresent() && !DIGESTS.contains(digest.get())) {
      if (predecessor.isPresent()) {
        throw fields.error("says both 'digest' and 'predecessor'");
      }
      // In version 0.1 the digest of the session that is replaced stands here.
      try {
        predecessor = Optional.of(hash(digest.get()));
      } catch (IllegalArgumentException e) {
        throw fields.error("has a 'digest' that is neither create nor a hash");
      }
    }
    var services = fields.list("services", SessionReader::service);
    var images = fields.list("images", SessionReader::image);
    var volumes = fields.list("volumes", SessionReader::volume);
    var exports = fields.list("exports", SessionReader::export);
    var access =
        fields
            .within("access_policy", PolicyReader::access)
            .orElse(new AccessPolicy(Admitted.CREATOR, Admitted.CREATOR));
    var attestation =
        fields.within("security", PolicyReader::security).orElse(AttestationPolicy.STRICT);
    fields.finish();
    unique(fields, "services", services, Service::name);
    unique(fields, "images", images, Image::name);
    unique(fields, "volumes", volumes, SessionVolume::name);
    String canonical = CanonicalForm.of(document);
    return new Session(
        name,
        predecessor,
        services,
        images,
        volumes,
        exports,
        access,
        attestation,
        canonical,
        CanonicalForm.hash(canonical));
  }

  private static <T> void unique(
      Fields fields, String what, List<T> items, Function<T, String> name) throws SessionException {
    Set<String> seen = new HashSet<>();
    for (T item : items) {
      if (!seen.add(name.apply(item))) {
        throw fields.error("has two " + what + " named " + name.apply(item));
      }
    }
  }

  // ------------------------------------------------------------------------------------------
  // services and images

  private static Service service(Fields fields) throws SessionException {
    String name = named(fields);
    Optional<Reference> imported = imported(fields, "service");
    Optional<String> path = fields.value("fspf_path", SessionReader::absolute);
    Optional<VolumeKey> key = fields.value(KEY, VolumeKey::parse);
    Optional<RootTag> tag = fields.value("fspf_tag", RootTag::parse);
    Optional<TagPolicy> policy = fields.value("fspf_update_policy", SessionReader::policy);
    if (path.isEmpty() && (key.isPresent() || tag.isPresent() || policy.isPresent())) {
      throw fields.error("has an fspf_key, fspf_tag or fspf_update_policy but no fspf_path");
    }
    if (path.isPresent() && tag.isEmpty()) {
      throw fields.error("has an fspf_path but no fspf_tag: its file system could be any");
    }
    return new Service(
        name,
        imported,
        fields.text("image_name"),
        measurements(fields),
        tags(fields),
        fields.value("pwd", SessionReader::absolute),
        fields.text("command"),
        path.map(p -> new RootFileSystem(p, key, tag, policy)),
        fields.map(ENVIRONMENT));
  }

  private static Image image(Fields fields) throws SessionException {
    String name = named(fields);
    Optional<Reference> imported = imported(fields, "image");
    Image image =
        new Image(
            name,
            imported,
            measurements(fields),
            tags(fields),
            fields.list("volumes", SessionReader::mount));
    unique(fields, "volumes", image.volumes(), Image.Mount::volume);
    unique(fields, "volumes at one path", image.volumes(), Image.Mount::path);
    return image;
  }

  private static Image.Mount mount(Fields fields) throws SessionException {
    return new Image.Mount(
        named(fields),
        fields
            .value("path", SessionReader::absolute)
            .orElseThrow(() -> fields.error("has no 'path'")),
        fields.value("update_policy", SessionReader::policy));
  }

  private static Optional<ImmutableSet<HashCode>> measurements(Fields fields)
      throws SessionException {
    return fields
        .values(
            "mrenclaves", text -> hex(MEASUREMENT, text, "a measurement has 64 or 96 hex digits"))
        .map(ImmutableSet::copyOf);
  }

  private static ImmutableSet<String> tags(Fields fields) throws SessionException {
    return fields.values("tags", text -> text).map(ImmutableSet::copyOf).orElse(ImmutableSet.of());
  }

  // ------------------------------------------------------------------------------------------
  // volumes, imports, exports

  private static SessionVolume volume(Fields fields) throws SessionException {
    String name = named(fields);
    Optional<Reference> imported = imported(fields, "volume");
    Optional<VolumeKey> key = fields.value(KEY, VolumeKey::parse);
    Optional<RootTag> tag = fields.value("fspf_tag", RootTag::parse);
    var volume =
        new SessionVolume(
            name,
            key,
            tag,
            targets(fields),
            imported,
            fields
                .value("update_policy", SessionReader::policy)
                .orElse(TagPolicy.ROLLBACK_PROTECTED),
            files(fields));
    if (imported.isPresent()
        && (key.isPresent() || tag.isPresent() || !volume.exports().isEmpty())) {
      throw fields.error("is imported: its key, tag and export are its own session's");
    }
    if (key.isPresent() && tag.isEmpty() && volume.policy() != TagPolicy.NO_ROLLBACK_PROTECTION) {
      throw fields.error("has an fspf_key but no fspf_tag: which state is right?");
    }
    if (!volume.files().isEmpty() && !volume.isInitialised()) {
      throw fields.error("has 'files', which only a volume gets that the service initialises");
    }
    return volume;
  }

  private static ImmutableMap<String, String> files(Fields fields) throws SessionException {
    var files = new LinkedHashMap<String, String>();
    for (Map.Entry<String, String> file :
        fields.list(
            "files",
            item ->
                Map.entry(
                    item.value("path", SessionReader::absolute)
                        .orElseThrow(() -> item.error("has no 'path'")),
                    item.text(CONTENT).orElse("")))) {
      if (files.put(file.getKey(), file.getValue()) != null) {
        throw fields.error("has two files at " + file.getKey());
      }
    }
    return ImmutableMap.copyOf(files);
  }

  private static Optional<Reference> imported(Fields fields, String what) throws SessionException {
    return fields.any(
        "import",
        node -> {
          if (node instanceof Scalar scalar) {
            return new Reference(
                checkedName(scalar), Optional.empty(), Optional.empty(), Optional.empty());
          }
          Fields in = Fields.of("import of " + fields.where(), node);
          var reference =
              new Reference(
                  in.value("session", SessionReader::name)
                      .orElseThrow(() -> in.error("has no 'session'")),
                  in.value("session_hash", SessionReader::hash),
                  in.text(what),
                  in.value("cas", SessionReader::hash));
          in.finish();
          return reference;
        });
  }

  private static String checkedName(Scalar scalar) throws SessionException {
    try {
      return name(scalar.text());
    } catch (IllegalArgumentException e) {
      throw new SessionException(scalar.line(), String.valueOf(e.getMessage()));
    }
  }

  private static ImmutableList<ExportTarget> targets(Fields fields) throws SessionException {
    return fields.any("export", node -> targets(fields.where(), node)).orElse(ImmutableList.of());
  }

  private static ImmutableList<ExportTarget> targets(String where, Node node)
      throws SessionException {
    if (!(node instanceof Sequence sequence)) {
      return ImmutableList.of(target(where, node));
    }
    var targets = ImmutableList.<ExportTarget>builder();
    for (Node item : sequence.items()) {
      targets.add(target(where, item));
    }
    return targets.build();
  }

  private static ExportTarget target(String where, Node node) throws SessionException {
    if (node instanceof Scalar scalar) {
      String session =
          scalar.text().equals(ExportTarget.ANYONE) ? scalar.text() : checkedName(scalar);
      return new ExportTarget(session, Optional.empty(), Optional.empty());
    }
    Fields in = Fields.of("export of " + where, node);
    var target =
        new ExportTarget(
            in.value(
                    "session",
                    text -> text.equals(ExportTarget.ANYONE) ? text : SessionReader.name(text))
                .orElseThrow(() -> in.error("has no 'session'")),
            in.value("session_hash", SessionReader::hash),
            in.value("cas", SessionReader::hash));
    if (target.isAnyone() && target.cas().isPresent()) {
      throw in.error("to another service needs the name of a session");
    }
    in.finish();
    return target;
  }

  private static Export export(Fields fields) throws SessionException {
    String namespace = oneOf(ImmutableSet.of("service", "image"), fields, "namespace");
    return new Export(
        Export.Namespace.valueOf(namespace.toUpperCase(Locale.ROOT)),
        fields.required("name"),
        targets(fields));
  }

  // ------------------------------------------------------------------------------------------
  // values

  private static String named(Fields fields) throws SessionException {
    return fields
        .value("name", SessionReader::name)
        .orElseThrow(() -> fields.error("has no 'name'"));
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a name has 1 to 200 of A-Z a-z 0-9 : . _ @ / + -, first a letter or a digit");
    }
    return text;
  }

  private static String absolute(String text) {
    if (!text.startsWith("/") || DOTS.matcher(text).find()) {
      throw new IllegalArgumentException("a path is absolute, without . and ..");
    }
    return text;
  }

  static HashCode hash(String text) {
    return hex(HASH, text, "a hash has 64 hex digits");
  }

  private static HashCode hex(Pattern pattern, String text, String otherwise) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(otherwise);
    }
    return HashCode.fromString(text.toLowerCase(Locale.ROOT));
  }

  private static TagPolicy policy(String text) {
    return byId(TagPolicy.values(), policy -> policy.name().toLowerCase(Locale.ROOT), text);
  }

  static <T> T byId(T[] values, Function<T, String> id, String text) {
    for (T value : values) {
      if (id.apply(value).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "is one of " + String.join(", ", Arrays.stream(values).map(id).toList()));
  }

  static String oneOf(Set<String> allowed, String text) {
    if (!allowed.contains(text)) {
      throw new IllegalArgumentException("is one of " + String.join(", ", allowed));
    }
    return text;
  }

  private static String oneOf(Set<String> allowed, Fields fields, String key)
      throws SessionException {
    return fields
        .value(key, text -> oneOf(allowed, text))
        .orElseThrow(() -> fields.error("has no '" + key + "'"));
  }
}
