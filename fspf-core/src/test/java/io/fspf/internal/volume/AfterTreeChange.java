package io.fspf.internal.volume;

import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Lets a test act at the moment at which a change has reached the tree, and nothing else yet. */
public final class AfterTreeChange {
  private static final AtomicReference<@Nullable Runnable> NEXT = new AtomicReference<>();

  private AfterTreeChange() {}

  /** Runs this, once, when the next change has reached the tree. */
  static void then(Runnable action) {
    NEXT.set(action);
  }

  /** Called where the advice stands. */
  public static void reached() {
    Runnable action = NEXT.getAndSet(null);
    if (action != null) {
      action.run();
    }
  }

  @Advice.OnMethodExit
  static void exit() {
    reached();
  }
}
