/**
 * Volumes as file systems of {@code java.nio.file}: the provider is a thin checked dispatcher, the
 * semantics stand in {@code FileSystemView}. Stands on the core's exported packages alone; nothing
 * here seals, verifies or touches a volume's host files.
 */
@org.jspecify.annotations.NullMarked
package io.fspf.nio;
