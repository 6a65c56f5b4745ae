/**
 * The sealed copy-on-write B+tree in one append-only fspf file: frames, nodes, commits, root tags,
 * and the search for the head. It knows keys and records as bytes only: what they mean belongs to
 * the rooms above; and all I/O goes through {@code internal.host}, all sealing through {@code
 * internal.crypto}.
 */
@NullMarked
package io.fspf.internal.tree;

import org.jspecify.annotations.NullMarked;
