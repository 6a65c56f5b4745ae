package io.fspf.internal.volume;

import io.fspf.IntegrityException;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Cuts the object files of a volume to what its last commit needs: what stands behind that is of a
 * writer that a crash ended.
 *
 * <p>For a volume that was just opened and that nobody changes; for one thread.
 */
final class ObjectCutter {
  private final FileHandles handles;

  ObjectCutter(FileHandles handles) {
    this.handles = handles;
  }

  /** Goes through all files from a directory on. */
  void cut(VolumeTree.Node root) throws IOException {
    var open = new ArrayDeque<VolumeTree.Children>();
    open.push(root.children());
    while (!open.isEmpty()) {
      VolumeTree.Node child = open.element().next();
      if (child == null) {
        open.pop();
      } else {
        switch (child.attributes().type()) {
          case DIRECTORY -> open.push(child.children());
          case REGULAR -> cutObject(child);
          case SYMLINK, OTHER -> {}
        }
      }
    }
  }

  private void cutObject(VolumeTree.Node file) throws IOException {
    OpenInode inode = handles.acquire(file.position());
    if (inode == null) {
      return;
    }
    try {
      inode.content().cut();
    } catch (IntegrityException e) {
      throw AbstractView.located(file.path(), e);
    } finally {
      handles.release(inode);
    }
  }
}
