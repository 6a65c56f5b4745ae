package io.fspf.cli;

import picocli.CommandLine.IVersionProvider;

/** The versions of fspf and of the Java that runs it. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"fspf " + ofFspf(), "Java " + Runtime.version()};
  }

  /** The version in the jar's manifest. */
  static String ofFspf() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(classes without a jar)" : version;
  }
}
