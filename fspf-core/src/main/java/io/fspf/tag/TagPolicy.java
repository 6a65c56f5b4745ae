package io.fspf.tag;

/**
 * What a volume's tag in a store obliges to, with the field's (SCONE's) names.
 *
 * <p>Whatever the policy, only a whole state that was committed with the volume's key is ever
 * accepted. "At the stored tag" also means at a descendant of it, by the chain of commits in the
 * volume: a crash between a commit and its publication leaves the volume one step ahead of its
 * store, and opening it publishes that step first.
 */
public enum TagPolicy {
  /**
   * The volume must be at the stored tag. Anything older, a fork, and a volume that is missing
   * though a tag is stored are refused. Where no tag is stored yet, the first state is published
   * before it is served. The default.
   */
  ROLLBACK_PROTECTED,

  /**
   * As {@link #ROLLBACK_PROTECTED}, but a volume that is gone entirely may be created anew, and
   * then replaces the stored tag. It protects against old data, not against losing all data.
   */
  ROLLBACK_PROTECTED_REINITIALIZABLE,

  /**
   * The volume is made anew each time it is used, and its tag replaces that of the use before. What
   * an earlier use has left on the host is never accepted, be it its newest state.
   */
  EPHEMERAL,

  /**
   * The tag is recorded on every commit, but any whole state of the volume is accepted when it is
   * opened, an old one included. For volumes whose backups are to be restored, and for those who
   * only want to know.
   */
  NO_ROLLBACK_PROTECTION
}
