package io.fspf.nio;

import io.fspf.Name;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one file as DOS has them. As on Linux, where the JDK does it for Samba, the
 * bits stand in the extended attribute {@code user.DOSATTRIB}, in hexadecimal after {@code 0x}; a
 * file without it has none. Immutable.
 */
record FspfDosAttributes(FspfFileAttributes file, int bits) implements DosFileAttributes {
  static final Name ATTRIBUTE = Name.of("DOSATTRIB");
  static final int READ_ONLY = 0x01;
  static final int HIDDEN = 0x02;
  static final int SYSTEM = 0x04;
  static final int ARCHIVE = 0x20;

  static int bits(SortedMap<Name, byte[]> extended) {
    byte[] value = extended.get(ATTRIBUTE);
    if (value == null) {
      return 0;
    }
    // Others end the text with NUL.
    String text = new String(value, StandardCharsets.US_ASCII).replace("\0", "").strip();
    try {
      return text.startsWith("0x") ? Integer.parseInt(text, 2, text.length(), 16) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static byte[] value(int bits) {
    return ("0x" + Integer.toHexString(bits) + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private boolean has(int bit) {
    return (bits & bit) != 0;
  }

  @Override
  public boolean isReadOnly() {
    return has(READ_ONLY);
  }

  @Override
  public boolean isHidden() {
    return has(HIDDEN);
  }

  @Override
  public boolean isSystem() {
    return has(SYSTEM);
  }

  @Override
  public boolean isArchive() {
    return has(ARCHIVE);
  }

  @Override
  public FileTime lastModifiedTime() {
    return file.lastModifiedTime();
  }

  @Override
  public FileTime lastAccessTime() {
    return file.lastAccessTime();
  }

  @Override
  public FileTime creationTime() {
    return file.creationTime();
  }

  @Override
  public boolean isRegularFile() {
    return file.isRegularFile();
  }

  @Override
  public boolean isDirectory() {
    return file.isDirectory();
  }

  @Override
  public boolean isSymbolicLink() {
    return file.isSymbolicLink();
  }

  @Override
  public boolean isOther() {
    return file.isOther();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public @Nullable Object fileKey() {
    return file.fileKey();
  }
}
