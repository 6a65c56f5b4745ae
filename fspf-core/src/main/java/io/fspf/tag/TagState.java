package io.fspf.tag;

import io.fspf.RootTag;

/** x. */
public record TagState(RootTag tag, long generation) {}
