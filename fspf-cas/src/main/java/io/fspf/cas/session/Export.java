package io.fspf.cas.session;

import com.google.common.collect.ImmutableList;

/**
 * A service or an image that other sessions may import.
 *
 * @param namespace what it is
 * @param name what it is called
 * @param targets who may import it
 */
public record Export(Namespace namespace, String name, ImmutableList<ExportTarget> targets) {
  /** What can be exported by this. */
  public enum Namespace {
    /** A service. */
    SERVICE,
    /** An image. */
    IMAGE
  }
}
