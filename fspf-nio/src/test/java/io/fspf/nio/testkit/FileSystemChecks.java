package io.fspf.nio.testkit;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** All checks, in the order of the table that is made of them. */
public final class FileSystemChecks {
  private FileSystemChecks() {}

  /** All checks. */
  public static List<Check> all() {
    return ImmutableList.<Check>builder()
        .addAll(PathChecks.all())
        .addAll(OpenChecks.all())
        .addAll(OverloadChecks.all())
        .addAll(WalkChecks.all())
        .addAll(ChannelChecks.all())
        .addAll(LargeFileChecks.all())
        .addAll(MappingChecks.all())
        .addAll(LockChecks.all())
        .addAll(AsynchronousChecks.all())
        .addAll(DirectoryChecks.all())
        .addAll(SecureDirectoryChecks.all())
        .addAll(NameChecks.all())
        .addAll(LinkChecks.all())
        .addAll(CopyMoveChecks.all())
        .addAll(AttributeChecks.all())
        .addAll(StoreChecks.all())
        .addAll(WatchChecks.all())
        .addAll(WatchQueueChecks.all())
        .addAll(MoreAttributeChecks.all())
        .addAll(RefusalChecks.all())
        .build();
  }
}
