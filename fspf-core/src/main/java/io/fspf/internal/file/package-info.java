/**
 * One file's content: chunks and their records, slots, the chunk cache. Knows no names and no
 * directories: who may open what, and where it stands in the tree, is decided above.
 */
@NullMarked
package io.fspf.internal.file;

import org.jspecify.annotations.NullMarked;
