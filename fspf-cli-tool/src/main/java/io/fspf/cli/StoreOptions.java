package io.fspf.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the root tag of a volume that is about to be made is to be remembered. */
final class StoreOptions extends FreshnessOptions {
  @Option(names = STORE, paramLabel = STORE_LABEL, description = STORE_DESCRIPTION)
  private @Nullable String store;

  @Override
  Named named() {
    return new Named(null, null, store);
  }
}
