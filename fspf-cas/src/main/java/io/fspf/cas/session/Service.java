package io.fspf.cas.session;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import java.util.Optional;

/**
 * A program.
 *
 * @param name of the service in its session
 * @param imported the session whose service of the same name this one takes over
 * @param imageName in which image it runs
 * @param measurements what it may be measured as; empty if nothing is said
 * @param tags versions of the image that it runs in; none if nothing is said
 * @param workingDirectory where it starts
 * @param command it and its arguments
 * @param root the file system of its image
 * @param environment its variables; empty if nothing is said
 */
public record Service(
    String name,
    Optional<Reference> imported,
    Optional<String> imageName,
    Optional<ImmutableSet<HashCode>> measurements,
    ImmutableSet<String> tags,
    Optional<String> workingDirectory,
    Optional<String> command,
    Optional<RootFileSystem> root,
    Optional<ImmutableMap<String, String>> environment) {

  /** The name alone; variables may be secrets. */
  @Override
  public String toString() {
    return "Service[" + name + "]";
  }
}
