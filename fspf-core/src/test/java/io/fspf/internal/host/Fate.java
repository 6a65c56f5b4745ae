package io.fspf.internal.host;

import java.util.Random;

/** Decides what of the un-synced changes is on the disk after a crash. */
interface Fate {
  /** Everything un-synced is lost. */
  Fate LOSE = new Fixed(false);

  /** Everything happens to have been written. */
  Fate KEEP = new Fixed(true);

  /** The fate of one file, from which its own decisions come. */
  Fate next();

  /** Which of the versions 0 (durable) to {@code last} (newest) of a thing is on the disk. */
  int version(int last);

  /**
   * How many of {@code count} changes of names survive as a prefix, or -1 where each has a fate of
   * its own.
   */
  int prefix(int count);

  /** Fills a sector that was allocated and never written. */
  void fresh(byte[] sector);

  /** Fates from a source of chance. */
  static Fate random(Random random) {
    return new Chance(random, 0.5);
  }

  /** All or nothing. */
  record Fixed(boolean keep) implements Fate {
    @Override
    public Fate next() {
      return this;
    }

    @Override
    public int version(int last) {
      return keep ? last : 0;
    }

    @Override
    public int prefix(int count) {
      return keep ? count : 0;
    }

    @Override
    public void fresh(byte[] sector) {}
  }

  /**
   * By chance.
   *
   * @param kept the share of changes that survive
   */
  record Chance(Random random, double kept) implements Fate {
    private static final double[] SHARES = {0, 0.1, 0.5, 0.9, 1};

    @Override
    public Fate next() {
      return new Chance(random, SHARES[random.nextInt(SHARES.length)]);
    }

    @Override
    public int version(int last) {
      if (random.nextDouble() < kept) {
        return last;
      }
      return random.nextInt(4) == 0 ? random.nextInt(last + 1) : 0;
    }

    @Override
    public int prefix(int count) {
      return random.nextBoolean() ? random.nextInt(count + 1) : -1;
    }

    @Override
    public void fresh(byte[] sector) {
      if (random.nextBoolean()) {
        random.nextBytes(sector);
      }
    }
  }
}
