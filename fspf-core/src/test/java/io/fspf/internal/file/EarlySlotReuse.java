package io.fspf.internal.file;

import net.bytebuddy.asm.Advice;

/**
 * A mutation of {@link SlotMap#release}: the slot is free at once, though the last durable commit
 * refers to it.
 */
public final class EarlySlotReuse {
  private EarlySlotReuse() {}

  @Advice.OnMethodExit
  static void exit(@Advice.This SlotMap map) {
    map.reclaim(Long.MAX_VALUE);
  }
}
