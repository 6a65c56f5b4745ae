package io.fspf.seal;

import io.fspf.Name;
import io.fspf.Region;
import io.fspf.VolumePath;
import io.fspf.internal.file.ChunkGroup;
import io.fspf.internal.file.ContentServices;
import io.fspf.internal.file.ContentState;
import io.fspf.internal.file.FileKeys;
import io.fspf.internal.file.NewContent;
import io.fspf.internal.host.HostAttributes;
import io.fspf.internal.host.HostFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One regular file on its way in. A small one is taken in at once; of a large one the groups of
 * chunks can be protected in parallel.
 */
final class IncomingFile implements Closeable {
  /**
   * What all files have in common.
   *
   * @param source the clear tree
   * @param regionId the number of their region
   * @param region how they are protected
   * @param services keys and limits
   * @param placement where their contents go
   * @param crew who is told of the progress
   * @param syncs makes files durable
   */
  record Context(
      SourceTree source,
      int regionId,
      Region region,
      ContentServices services,
      Placement placement,
      Crew crew,
      Tasks syncs) {
    boolean isEncrypted() {
      return region.protection() == io.fspf.Protection.ENCRYPTED;
    }
  }

  private final Context context;
  private final VolumePath path;
  private final HostAttributes attributes;
  private final SortedMap<Name, byte[]> extended;
  private final @Nullable HostFile file;
  private final @Nullable NewContent content;
  private final @Nullable ChunkGroup only;
  private final ContentState state;

  private IncomingFile(
      Context context,
      VolumePath path,
      HostAttributes attributes,
      SortedMap<Name, byte[]> extended,
      ContentState state,
      @Nullable ChunkGroup only,
      @Nullable HostFile file,
      @Nullable NewContent content) {
    this.context = context;
    this.path = path;
    this.attributes = attributes;
    this.extended = extended;
    this.state = state;
    this.only = only;
    this.file = file;
    this.content = content;
  }

  /** Takes in a file, or of a large one as much as the record needs. */
  static IncomingFile take(Context context, VolumePath path, NewContent.Buffers buffers)
      throws IOException {
    SourceTree source = context.source();
    HostAttributes attributes = source.attributes(path, HostAttributes.Kind.REGULAR);
    SortedMap<Name, byte[]> extended = source.extendedAttributes(path);
    HostFile file = source.open(path);
    NewContent content = null;
    boolean handedOver = false;
    try {
      if (context.isEncrypted() && attributes.size() <= context.services().limits().inlineBytes()) {
        ContentState inline = inline(context, path, attributes, file);
        return new IncomingFile(context, path, attributes, extended, inline, null, null, null);
      }
      FileKeys.Fresh key = context.services().keys().create(context.regionId(), context.region());
      content =
          new NewContent(
              context.services(),
              key,
              file,
              context.placement().contentOf(path),
              attributes.size());
      if (content.groups() > 1) {
        ContentState announced = content.announce(buffers, context.crew()::advanced);
        var large =
            new IncomingFile(context, path, attributes, extended, announced, null, file, content);
        handedOver = true;
        return large;
      }
      ChunkGroup group =
          content.groups() == 0 ? null : content.protect(0, buffers, context.crew()::advanced);
      source.checkUnchanged(path, attributes);
      ContentState state = content.state();
      content.finish();
      context.placement().completed(path, attributes, extended);
      NewContent written = content;
      content = null;
      closeDurably(context, written);
      return new IncomingFile(context, path, attributes, extended, state, group, null, null);
    } catch (EOFException e) {
      throw source.changed(path);
    } finally {
      if (!handedOver) {
        close(file, content);
      }
    }
  }

  private static ContentState inline(
      Context context, VolumePath path, HostAttributes attributes, HostFile file)
      throws IOException {
    byte[] bytes = new byte[(int) attributes.size()];
    if (file.read(0, bytes, 0, bytes.length) < bytes.length) {
      throw context.source().changed(path);
    }
    context.source().checkUnchanged(path, attributes);
    context.crew().advanced(bytes.length);
    return ContentState.inline(bytes);
  }

  HostAttributes attributes() {
    return attributes;
  }

  SortedMap<Name, byte[]> extendedAttributes() {
    return extended;
  }

  /** What the record says of the content. */
  ContentState state() {
    return state;
  }

  /** Of a small file the only group, if it has one. */
  @Nullable ChunkGroup onlyGroup() {
    return only;
  }

  /** How many groups of a large file are still to be protected. */
  long groups() {
    return content == null ? 0 : content.groups();
  }

  /** Protects one group of a large file. */
  ChunkGroup protect(long group, NewContent.Buffers buffers) throws IOException {
    try {
      return large().protect(group, buffers, context.crew()::advanced);
    } catch (EOFException e) {
      throw context.source().changed(path);
    }
  }

  private NewContent large() {
    if (content == null) {
      throw new IllegalStateException("The file was taken in at once");
    }
    return content;
  }

  /** All groups of a large file are protected. */
  void complete() throws IOException {
    context.source().checkUnchanged(path, attributes);
    if (large().state().objectSize() != state.objectSize()) {
      throw context.source().changed(path);
    }
    large().finish();
    context.placement().completed(path, attributes, extended);
    closeDurably(context, large());
    close(file, null);
  }

  /** Files become durable many at a time: one by one, each would wait for the disk alone. */
  private static void closeDurably(Context context, NewContent content) throws IOException {
    if (!content.isStored()) {
      content.close();
      return;
    }
    context.syncs().run(new CloseDurably(content));
  }

  private record CloseDurably(NewContent content) implements Tasks.Work {
    @Override
    public void run() throws IOException {
      content.closeDurably();
    }

    @Override
    public void drop() throws IOException {
      content.close();
    }
  }

  @Override
  public void close() throws IOException {
    close(file, content);
  }

  private static void close(@Nullable HostFile file, @Nullable NewContent content)
      throws IOException {
    try (Closeable one = file;
        Closeable other = content) {
      // Both are closed, whatever one of them throws.
    }
  }
}
