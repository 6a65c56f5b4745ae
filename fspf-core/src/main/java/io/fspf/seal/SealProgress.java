package io.fspf.seal;

/**
 * Hears how an operation on a whole tree gets on, and may end it. Called from several threads, at
 * least once per chunk, so implementations are thread-safe and quick.
 */
public interface SealProgress {
  /**
   * So much more is done.
   *
   * @param files how many files, since the last call
   * @param bytes how many bytes of content, since the last call
   */
  void advanced(long files, long bytes);

  /**
   * Whether the operation is to end. It then throws a {@link
   * java.util.concurrent.CancellationException}, and leaves nothing half done.
   */
  default boolean isCancelled() {
    return false;
  }

  /** Listens to nothing and never cancels. */
  static SealProgress none() {
    return (files, bytes) -> {};
  }
}
