package io.fspf.internal.tree;

import io.fspf.RootTag;
import org.jspecify.annotations.Nullable;

/**
 * Which commit an opener accepts as the head: the file's last whole one, whichever, or a pinned
 * one.
 */
public final class HeadChoice {
  private static final HeadChoice LAST = new HeadChoice(null, false);

  private final @Nullable RootTag pin;
  private final boolean amongAll;

  private HeadChoice(@Nullable RootTag pin, boolean amongAll) {
    this.pin = pin;
    this.amongAll = amongAll;
  }

  /** The last whole commit. It may be an old one: freshness is the caller's matter. */
  public static HeadChoice last() {
    return LAST;
  }

  /**
   * The last commit that is whole or has this tag, if it has this tag. Its own nodes may be damaged
   * then, which reading them tells.
   */
  public static HeadChoice pinned(RootTag tag) {
    return new HeadChoice(tag, false);
  }

  /**
   * The commit that has this tag, also behind later ones, which are taken for garbage then: what a
   * writer without a key has not made known before a crash cannot be told from a forgery.
   */
  public static HeadChoice overtaken(RootTag tag) {
    return new HeadChoice(tag, true);
  }

  /** Whether whole commits with other tags are passed over. */
  boolean isAmongAll() {
    return amongAll;
  }

  @Nullable RootTag pin() {
    return pin;
  }
}
