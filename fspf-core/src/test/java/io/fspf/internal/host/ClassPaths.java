package io.fspf.internal.host;

import com.google.common.base.CharMatcher;
import io.fspf.Name;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path for child JVMs that run this module's main and test classes, whether this JVM uses
 * modules or not.
 */
public final class ClassPaths {
  private ClassPaths() {}

  /** A command that runs a main class of the test classes. */
  static List<String> java(Class<?> main, String... arguments) {
    return java(main, List.of(), arguments);
  }

  /**
   * The same.
   *
   * @param needed classes of other libraries that it needs besides Guava
   */
  public static List<String> java(Class<?> main, List<Class<?>> needed, String... arguments) {
    String classPath =
        Stream.concat(Stream.of(main, Name.class, CharMatcher.class), needed.stream())
            .map(ClassPaths::of)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                main.getName()),
            Stream.of(arguments))
        .toList();
  }

  private static String of(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    URL url = Objects.requireNonNull(type.getResource("/" + file));
    String root = url.toString().replaceFirst("/" + file + "$", "");
    String place = root.replaceFirst("^jar:", "").replaceFirst("!$", "");
    return Path.of(URI.create(place)).toString();
  }
}
