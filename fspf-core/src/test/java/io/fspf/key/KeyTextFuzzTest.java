package io.fspf.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import io.fspf.tag.TagFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any bytes as a key file, a passphrase file, a key store, a tag file, and as text of keys and
 * tags: refused as what they are not, or the key or tag that stands there.
 */
class KeyTextFuzzTest {
  @TempDir static Path scratch;

  @FuzzTest
  void text(byte[] input) throws IOException {
    Path file = scratch.resolve("file");
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.write(file, input);
    String text = new String(input, ISO_8859_1);
    boolean isKey = text.matches("[0-9a-fA-F]{64}(\r?\n)?");
    try (VolumeKey key = KeyFiles.read(file)) {
      check(isKey, text);
      check(
          new String(key.exportHex()).equals(text.substring(0, 64).toLowerCase(Locale.ROOT)), text);
    } catch (VolumeKeyException e) {
      check(!isKey && holdsNothing(e, text), text);
    }
    try (VolumeKey key = VolumeKey.parse(text)) {
      check(text.matches("[0-9a-fA-F]{64}"), text);
    } catch (IllegalArgumentException e) {
      check(!text.matches("[0-9a-fA-F]{64}") && holdsNothing(e, text), text);
    }
    char[] passphrase = {};
    try {
      passphrase = Pkcs12KeyProvider.readPassword(file);
      Passphrases.encode(passphrase).close();
    } catch (IllegalArgumentException e) {
      check(holdsNothing(e, text), text);
    } catch (VolumeKeyException e) {
      check(holdsNothing(e, text), text);
    } finally {
      Arrays.fill(passphrase, '\0');
    }
    try (KeyProvider store =
        new Pkcs12KeyProvider(file, "key", () -> "password".toCharArray(), () -> {})) {
      store.create(new byte[16]).key().close();
    } catch (VolumeKeyException e) {
      // No key store, most often.
    }
    tags(file, new String(input, UTF_8), input.length);
  }

  private static void tags(Path file, String text, int length) throws IOException {
    RootTag inFile = null;
    try {
      inFile = TagFiles.read(file);
    } catch (IOException e) {
      // None stands there, or one with a page of white space around it.
    }
    try {
      RootTag tag = TagFiles.parse(text);
      check(RootTag.parse(tag.toString()).equals(tag), text);
      check(text.toLowerCase(Locale.ROOT).contains(tag.toString()), text);
      check(length > 1024 || tag.equals(inFile), text);
    } catch (IllegalArgumentException e) {
      check(inFile == null, text);
    }
  }

  /** A message that quotes what somebody took for a key has told it. */
  private static boolean holdsNothing(Exception e, String text) {
    String digits = text.strip();
    return !digits.matches("[0-9a-fA-F]{16,}") || !String.valueOf(e.getMessage()).contains(digits);
  }

  private static void check(boolean condition, String text) {
    if (!condition) {
      throw new AssertionError("For '" + text + "'");
    }
  }
}
