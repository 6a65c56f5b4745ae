package io.fspf.cas.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A URI that names a volume in a service, {@code cas:HOST:PORT/WHOSE?PARAMETERS#VOLUME}, by one of
 * two rights:
 *
 * <pre>
 * cas:HOST:PORT/SESSION#VOLUME                        a person's, who shows an identity file
 * cas:HOST:PORT/SESSION/SERVICE?attester=WHICH#VOLUME a program's, which proves what it is
 * </pre>
 *
 * <p>Further parameters are {@code certificate}, the file with the service's certificate, and
 * {@code identity}, the person's file. Where they are missing, the system properties {@code
 * fspf.cas.certificate} and {@code fspf.cas.identity} count, then the variables {@code
 * FSPF_CAS_CERTIFICATE} and {@code FSPF_CAS_IDENTITY}.
 *
 * @param address {@code HOST:PORT}
 * @param whose a session, or a config id
 * @param volume the volume's name in the session
 * @param parameters by their names
 */
record CasUri(
    String address, String whose, String volume, ImmutableMap<String, String> parameters) {
  static final String SCHEME = "cas";

  private static final String ATTESTER = "attester";
  private static final String CERTIFICATE = "certificate";
  private static final String IDENTITY = "identity";
  private static final ImmutableSet<String> PARAMETERS =
      ImmutableSet.of(ATTESTER, CERTIFICATE, IDENTITY);

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static CasUri parse(String uri) {
    int address = SCHEME.length() + 1;
    int slash = uri.indexOf('/', address);
    int volume = uri.lastIndexOf('#');
    if (slash <= address || volume <= slash + 1 || volume == uri.length() - 1) {
      throw new IllegalArgumentException(
          "A volume in a service is cas:HOST:PORT/SESSION#VOLUME or"
              + " cas:HOST:PORT/SESSION/SERVICE?attester=WHICH#VOLUME, not "
              + uri);
    }
    int question = uri.indexOf('?', slash);
    int end = question >= 0 && question < volume ? question : volume;
    return new CasUri(
        uri.substring(address, slash),
        uri.substring(slash + 1, end),
        uri.substring(volume + 1),
        end == volume ? ImmutableMap.of() : parameters(uri.substring(end + 1, volume)));
  }

  private static ImmutableMap<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : Splitter.on('&').split(query)) {
      int equals = parameter.indexOf('=');
      String name = parameter.substring(0, Math.max(0, equals));
      if (!PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "A cas: URI has the parameters " + PARAMETERS + ", not " + parameter);
      }
      parameters.put(name, URLDecoder.decode(parameter.substring(equals + 1), UTF_8));
    }
    return ImmutableMap.copyOf(parameters);
  }

  /** By what a program proves what it is; nothing for a person. */
  Optional<String> attester() {
    return Optional.ofNullable(parameters.get(ATTESTER));
  }

  /** A person's client. */
  CasClient ofPerson() throws IOException {
    return CasClient.of(address, file(CERTIFICATE), file(IDENTITY));
  }

  /** What the service releases to this program. */
  Configuration attested() throws IOException {
    return CasClient.anonymous(address, file(CERTIFICATE))
        .attest(whose, Attesters.of(attester().orElse(Attesters.HARDWARE)));
  }

  private Path file(String parameter) {
    String variable = "FSPF_CAS_" + parameter.toUpperCase(java.util.Locale.ROOT);
    String property = "fspf.cas." + parameter;
    return Optional.ofNullable(parameters.get(parameter))
        .or(() -> Optional.ofNullable(System.getProperty(property)))
        .or(() -> Optional.ofNullable(System.getenv(variable)))
        .map(Path::of)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The %s file for %s is not named: by a parameter of the URI, the property %s or"
                            .formatted(parameter, address, property)
                        + " the variable "
                        + variable));
  }
}
