package io.fspf.cas.wire;

import io.fspf.RootTag;
import io.fspf.tag.TagState;
import java.util.List;
import java.util.Optional;

/** The paths of all questions, and what is authenticated of those that go by a grant. */
public final class Questions {
  /** Brings a new session. */
  public static final String CREATE = "/v1/session/create";

  /** Brings a new version of a session. */
  public static final String UPDATE = "/v1/session/update";

  /** Asks for a session without its secrets. */
  public static final String READ = "/v1/session/read";

  /** Asks for a nonce. */
  public static final String CHALLENGE = "/v1/challenge";

  /** Brings evidence. */
  public static final String ATTEST = "/v1/attest";

  /** Asks for a volume's tag. */
  public static final String LOAD_TAG = "/v1/tag/load";

  /** Brings a volume's next tag. */
  public static final String ADVANCE_TAG = "/v1/tag/advance";

  /** Asks for a volume's key for another service. */
  public static final String EXPORT = "/v1/bundle/export";

  /** Brings a volume's key from another service. */
  public static final String IMPORT = "/v1/bundle/import";

  private Questions() {}

  /** A question for the tag of a grant's volume. */
  public static List<String> loadTag(String grant, long volume) {
    return List.of(LOAD_TAG, grant, Long.toString(volume));
  }

  /** The next tag of a grant's volume. */
  public static List<String> advanceTag(
      String grant, long volume, Optional<RootTag> expected, TagState next) {
    return List.of(
        ADVANCE_TAG,
        grant,
        Long.toString(volume),
        expected.map(RootTag::toString).orElse("none"),
        next.tag().toString(),
        Long.toString(next.generation()));
  }
}
