package io.fspf.cli;

import io.fspf.Region;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The size of chunks and keys, as old scripts give them. */
final class ChunkOptions {
  private static final int KEY_BITS = 256;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-c", "--chunk-size"},
      paramLabel = "BYTES",
      converter = ByteSize.Converter.class,
      description = "The size of a chunk; rounded up to a power of two from 4 KiB to 16 MiB.")
  private @Nullable ByteSize chunkSize;

  @Option(
      names = {"-k", "--key-size"},
      paramLabel = "BITS",
      description = "Accepted for old scripts; keys always have 256 bits.")
  private @Nullable Integer keyBits;

  /** The chunk size; says what was made of one that cannot be had. */
  int chunkSize(Terminal terminal, CommonOptions common) {
    if (keyBits != null && keyBits != KEY_BITS) {
      if (keyBits != 128 && keyBits != 192) {
        throw new ParameterException(
            command.commandLine(), "A key has 128, 192 or 256 bits, not " + keyBits);
      }
      terminal.warn(common, "keys always have 256 bits; -k " + keyBits + " is not needed");
    }
    if (chunkSize == null) {
      return Region.DEFAULT_CHUNK_SIZE;
    }
    int size = chunkSize.toChunkSize();
    if (size != chunkSize.bytes()) {
      terminal.warn(
          common,
          "a chunk size is a power of two from 4 KiB to 16 MiB: "
              + size
              + " is used for "
              + chunkSize.bytes());
    }
    return size;
  }
}
