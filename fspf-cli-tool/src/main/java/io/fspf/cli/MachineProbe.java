package io.fspf.cli;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.gson.JsonArray;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds out what matters to fspf about the Java, the system and the processor. */
final class MachineProbe {
  /**
   * What the engines use: AES, carry-less multiplication for GCM, SHA-256, and their wide forms.
   */
  private static final Set<String> CPU_FEATURES =
      Set.of(
          "aes", "pclmulqdq", "vaes", "vpclmulqdq", "avx2", "avx512f", "sha_ni", "pmull", "sha2");

  private MachineProbe() {}

  /** The facts, in the order in which they are shown. */
  static List<Finding> examine() throws IOException {
    Runtime runtime = Runtime.getRuntime();
    int processors = runtime.availableProcessors();
    Set<String> features = cpuFeatures(Path.of("/proc/cpuinfo"));
    var json = new JsonArray();
    features.forEach(json::add);
    return List.of(
        Finding.of("fspf", Version.ofFspf()),
        Finding.of(
            "java",
            Runtime.version()
                + " ("
                + System.getProperty("java.vendor")
                + ", "
                + System.getProperty("java.vm.name")
                + ")"),
        Finding.of(
            "system",
            System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch")),
        Finding.of("fileNameEncoding", System.getProperty("sun.jnu.encoding", "unknown")),
        new Finding("processors", new JsonPrimitive(processors), Integer.toString(processors)),
        new Finding(
            "processorFeatures",
            json,
            features.isEmpty() ? "none known" : String.join(" ", features)),
        Finding.ofBytes("heapLimit", runtime.maxMemory()));
  }

  private static Set<String> cpuFeatures(Path cpuInfo) throws IOException {
    var found = new TreeSet<String>();
    if (Files.isReadable(cpuInfo)) {
      String text = Files.readString(cpuInfo, StandardCharsets.ISO_8859_1);
      for (String word : Splitter.on(CharMatcher.whitespace()).split(text)) {
        if (CPU_FEATURES.contains(word)) {
          found.add(word);
        }
      }
    }
    return found;
  }
}
