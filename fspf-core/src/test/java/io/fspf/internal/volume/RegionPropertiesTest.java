package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fspf.Integrity;
import io.fspf.Protection;
import io.fspf.Region;
import io.fspf.Storage;
import io.fspf.VolumePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random tables of regions: which one covers a path, against text, and their records. */
class RegionPropertiesTest {
  private static final int TABLES = 2_000;
  private static final int PATHS = 30;
  private static final List<String> NAMES = List.of("usr", "usrlocal", "us", "r", "..", "\u00fc");

  private final long seed = Long.getLong("fspf.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String text(int depth) {
    var text = new StringBuilder();
    for (int i = random.nextInt(depth); i > 0; i--) {
      text.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return text.length() == 0 ? "/" : text.toString();
  }

  @Test
  void theLongestPrefixByWholeNamesCovers() {
    for (int i = 0; i < TABLES; i++) {
      var paths = new ArrayList<VolumePath>();
      for (int k = random.nextInt(8); k > 0; k--) {
        VolumePath path = VolumePath.of(text(4)).normalize();
        if (!paths.contains(path)) {
          paths.add(path);
        }
      }
      var regions = new ArrayList<MountedRegion>();
      for (int k = 0; k < paths.size(); k++) {
        regions.add(new MountedRegion(k + 1, Region.encrypted(paths.get(k), "."), 1, null));
      }
      var table = new RegionTable(regions);
      for (int k = 0; k < PATHS; k++) {
        String text = text(7);
        String as = text + " in " + paths + ", seed " + seed;
        assertThat(table.covering(VolumePath.of(text)).map(MountedRegion::path))
            .as(as)
            .isEqualTo(longest(paths, VolumePath.of(text).normalize().toString()));
        assertThat(table.isPinned(VolumePath.of(text).normalize()))
            .as(as)
            .isEqualTo(
                paths.stream()
                        .anyMatch(
                            path ->
                                slashed(path.toString())
                                    .startsWith(
                                        slashed(VolumePath.of(text).normalize().toString())))
                    || VolumePath.of(text).normalize().isRoot());
      }
    }
  }

  private static Optional<VolumePath> longest(List<VolumePath> paths, String text) {
    VolumePath longest = null;
    for (VolumePath path : paths) {
      if (slashed(text).startsWith(slashed(path.toString()))
          && (longest == null || path.toString().length() > longest.toString().length())) {
        longest = path;
      }
    }
    return Optional.ofNullable(longest);
  }

  private static String slashed(String text) {
    return text.equals("/") ? text : text + "/";
  }

  @Test
  void recordsLeadBackToTheRegion() throws IOException {
    for (int i = 0; i < TABLES; i++) {
      VolumePath path = VolumePath.of(text(5)).normalize();
      Region region =
          switch (random.nextInt(4)) {
            case 0 -> Region.notProtected(path, "/host");
            case 1 ->
                Region.authenticated(path, "host/\u00fc")
                    .withIntegrity(random.nextBoolean() ? Integrity.SHA256 : Integrity.GMAC);
            case 2 -> Region.encrypted(path, ".").withIntegrity(Integrity.GCM_SHA256);
            default ->
                new Region(
                    path,
                    Protection.ENCRYPTED,
                    Storage.EPHEMERAL,
                    Optional.empty(),
                    Integrity.GCM,
                    Region.MIN_CHUNK_SIZE << random.nextInt(4));
          };
      var record = MountedRegion.encode(1 + random.nextInt(100), region, random.nextLong());
      assertThat(
              MountedRegion.decode(io.fspf.internal.format.Region.parseFrom(record.toByteArray())))
          .as("seed %s", seed)
          .isEqualTo(region);
    }
  }
}
