package io.fspf.cas.decision;

/** The kinds of refusals, for logs and programs; people read the message. */
public enum Reason {
  /** There is no such session, or none that the asker may know of. */
  NO_SUCH_SESSION,
  /** There is no such service in the session. */
  NO_SUCH_SERVICE,
  /** The identity is not among those that the session admits. */
  ACCESS,
  /** A session of this name is there. */
  EXISTS,
  /** The session that is to be replaced is not the present one. */
  PREDECESSOR,
  /** What is imported is not exported to this session. */
  NOT_EXPORTED,
  /** A session is not the version that was pinned. */
  SESSION_HASH,
  /** What is imported was imported itself. */
  IMPORT_CHAIN,
  /** Something says otherwise what the imported service or image fixes. */
  CHANGED_SERVICE,
  /** The image is not the one that belongs to the service. */
  IMAGE,
  /** No version of the image is meant by both service and image. */
  TAGS,
  /** The program is not one that is allowed. */
  MEASUREMENT,
  /** The evidence comes from a platform that is not allowed. */
  PLATFORM,
  /** The evidence is simulated. */
  SIMULATED,
  /** The platform's owner can look inside. */
  DEBUG,
  /** The platform is not up to date. */
  TCB,
  /** A volume is not defined, or not as it has to be. */
  VOLUME,
  /** The evidence is not what it claims to be. */
  EVIDENCE,
  /** The evidence does not answer this challenge. */
  CHALLENGE,
  /** The grant is not known, or not any more. */
  GRANT,
  /** The tag is not the expected one. */
  ROLLBACK,
  /** The request is not well formed. */
  REQUEST
}
