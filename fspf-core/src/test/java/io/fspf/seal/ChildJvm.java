package io.fspf.seal;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.base.CharMatcher;
import com.google.protobuf.Message;
import io.fspf.Volume;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.crypto.Digest;

/** Commands for JVMs of their own that run a main class of the test classes. */
public final class ChildJvm {
  private ChildJvm() {}

  /** A command with further options of the JVM. */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    String classPath =
        Stream.of(
                main, Volume.class, CharMatcher.class, Message.class, Caffeine.class, Digest.class)
            .map(ChildJvm::placeOf)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String placeOf(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    String url = Objects.requireNonNull(type.getResource("/" + file)).toString();
    String place = url.substring(0, url.length() - file.length());
    if (place.startsWith("jar:")) {
      place = place.substring("jar:".length(), place.length() - "!/".length());
    }
    return Path.of(URI.create(place)).toString();
  }
}
