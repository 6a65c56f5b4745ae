package io.fspf.seal;

import io.fspf.VolumeInfo;
import java.util.List;

/**
 * What a {@link Verifier} found.
 *
 * @param info the commit that was checked
 * @param files how many regular files were checked
 * @param directories how many directories
 * @param symlinks how many symbolic links
 * @param bytes the sum of the sizes of the regular files
 * @param damaged what is not as it was committed, in the order of the paths; one entry for each bad
 *     chunk
 * @param notes what is worth knowing but no damage, in sentences
 */
public record VerifyReport(
    VolumeInfo info,
    long files,
    long directories,
    long symlinks,
    long bytes,
    List<Damage> damaged,
    List<String> notes) {

  /** The lists are copied. */
  public VerifyReport {
    damaged = List.copyOf(damaged);
    notes = List.copyOf(notes);
  }

  /** Whether every byte is the committed one. */
  public boolean isIntact() {
    return damaged.isEmpty();
  }
}
