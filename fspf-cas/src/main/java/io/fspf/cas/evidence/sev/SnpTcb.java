package io.fspf.cas.evidence.sev;

import com.google.common.base.Preconditions;
import com.google.common.base.Splitter;
import java.util.List;

/**
 * The security versions of an SEV-SNP platform of the generations Milan and Genoa (AMD 56860, TCB
 * version), each between 0 and 255.
 *
 * @param bootLoader of the secure processor's boot loader
 * @param tee of its operating system
 * @param snp of the SNP firmware
 * @param microcode of the CPU
 */
public record SnpTcb(int bootLoader, int tee, int snp, int microcode) {
  /** Checks the ranges. */
  public SnpTcb {
    Preconditions.checkArgument(
        inRange(bootLoader) && inRange(tee) && inRange(snp) && inRange(microcode),
        "A security version is between 0 and 255");
  }

  private static boolean inRange(int version) {
    return version >= 0 && version <= 0xff;
  }

  /**
   * The versions of a text such as {@code 4.0.24.219}, in the order of the fields.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static SnpTcb parse(String text) {
    List<String> parts = Splitter.on('.').splitToList(text);
    Preconditions.checkArgument(parts.size() == 4, "Not four security versions: %s", text);
    return new SnpTcb(
        Integer.parseInt(parts.get(0)),
        Integer.parseInt(parts.get(1)),
        Integer.parseInt(parts.get(2)),
        Integer.parseInt(parts.get(3)));
  }

  static SnpTcb ofReport(long version) {
    return new SnpTcb(
        (int) (version & 0xff),
        (int) (version >>> 8 & 0xff),
        (int) (version >>> 48 & 0xff),
        (int) (version >>> 56 & 0xff));
  }

  /** Whether no part is older than that of the other. */
  public boolean isAtLeast(SnpTcb other) {
    return bootLoader >= other.bootLoader
        && tee >= other.tee
        && snp >= other.snp
        && microcode >= other.microcode;
  }

  /** The versions in the order of the fields, as {@link #parse} reads them. */
  @Override
  public String toString() {
    return bootLoader + "." + tee + "." + snp + "." + microcode;
  }
}
