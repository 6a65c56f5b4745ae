package io.fspf.cli;

import io.fspf.RootTag;
import io.fspf.Volume;
import io.fspf.VolumeKey;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Seals an fspf file under a fresh key, which it prints where no file was named for it. */
@Command(
    name = "encrypt",
    description = {
      "Seal an fspf file under a fresh key.",
      "Without --key-file or --passphrase-file the key is printed on standard output."
    },
    footerHeading = "%nExample:%n",
    footer = {"  fspf encrypt --key-file key fspf.pb", "  fspf encrypt fspf.pb > keytag"})
final class EncryptCommand extends FspfFileCommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "The fspf file.")
  private Path file;

  @Override
  Report run(Terminal terminal) throws IOException {
    Optional<KeyProvider> named = keys().named();
    if (named.isPresent()) {
      RootTag tag = seal(terminal, file, named.get());
      return report(file, tag, line(file, tag));
    }
    if (common().json()) {
      throw wrongUse("--json prints no key: name a file for it with --key-file");
    }
    try (VolumeKey key = VolumeKey.generate()) {
      RootTag tag;
      try (KeyProvider provider = KeyProviders.raw(key)) {
        tag = seal(terminal, file, provider);
      }
      printKey(terminal, line(file, tag) + " key: ", key);
    }
    return new Report();
  }

  private RootTag seal(Terminal terminal, Path location, KeyProvider newKeys) throws IOException {
    return changeAsFound(terminal, options -> Volume.rekey(location, options, newKeys));
  }

  /** Words 9 and 11 of the line, with the key, are what old scripts take from it. */
  static String line(Path file, RootTag tag) {
    return "Encrypted file system protection file " + file + " AES-GCM tag: " + tag;
  }

  /** Prints the only copy of a key. */
  static void printKey(Terminal terminal, String before, VolumeKey key) throws IOException {
    try {
      terminal.out().printKey(before, key);
    } catch (IOException e) {
      throw new IOException(
          "The volume was sealed, but its key could not be printed and is lost: make the volume"
              + " anew, with --key-file",
          e);
    }
  }
}
