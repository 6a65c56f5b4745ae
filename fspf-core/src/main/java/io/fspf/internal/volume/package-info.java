/**
 * The volume: inodes, directories, regions, transactions; a file system without {@code
 * java.nio.file.spi}. What a file's bytes are is the file room's business, how records are kept the
 * tree's, and nothing here touches the host or a cipher directly.
 */
@NullMarked
package io.fspf.internal.volume;

import org.jspecify.annotations.NullMarked;
