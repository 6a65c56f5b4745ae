package io.fspf.internal.tree;

import io.fspf.RootTag;
import org.jspecify.annotations.Nullable;

/**
 * Which commit an opener accepts as the head: the file's last whole one, whichever, or a pinned
 * one.
 */
public final class HeadChoice {
  private static final HeadChoice LAST = new HeadChoice(null);

  private final @Nullable RootTag pin;

  private HeadChoice(@Nullable RootTag pin) {
    this.pin = pin;
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
    return new HeadChoice(tag);
  }

  @Nullable RootTag pin() {
    return pin;
  }
}
