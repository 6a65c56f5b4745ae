package io.fspf.cli;

import com.google.gson.JsonObject;
import io.fspf.Integrity;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Storage;
import java.util.Locale;

/** Writes regions, for people and for programs. */
final class RegionText {
  private RegionText() {}

  /** The word for how a region is protected, as an option of {@code addr} says it. */
  static String protection(Region region) {
    return region.protection().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String storage(Region region) {
    return region.storage().name().toLowerCase(Locale.ROOT);
  }

  private static String integrity(Integrity integrity) {
    return switch (integrity) {
      case SHA256 -> "SHA-256";
      case GMAC -> "AES-256-GMAC";
      case GCM -> "AES-256-GCM";
      case GCM_SHA256 -> "AES-256-GCM and SHA-256";
    };
  }

  /** A line that tells of a region. */
  static String line(Region region) {
    String storage =
        region.storage() == Storage.KERNEL
            ? "kernel " + region.hostDirectory().orElseThrow()
            : storage(region);
    String how =
        region.protection() == Protection.NOT_PROTECTED
            ? ""
            : ", "
                + integrity(region.integrity())
                + ", chunks of "
                + Bytes.text(region.chunkSize());
    return region.path() + ": " + protection(region) + ", " + storage + how;
  }

  /** The same as an object. */
  static JsonObject object(Region region) {
    var object = new JsonObject();
    object.addProperty("path", region.path().toString());
    object.addProperty("protection", protection(region));
    object.addProperty("storage", storage(region));
    region.hostDirectory().ifPresent(host -> object.addProperty("hostDirectory", host));
    if (region.protection() != Protection.NOT_PROTECTED) {
      object.addProperty("integrity", integrity(region.integrity()));
      object.addProperty("chunkSize", region.chunkSize());
    }
    return object;
  }
}
