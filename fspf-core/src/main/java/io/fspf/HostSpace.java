package io.fspf;

/**
 * The room in a host's store, in bytes, as the host says.
 *
 * @param total of the store
 * @param unallocated free in it
 * @param usable free for this process
 * @param blockSize the unit of allocation
 */
public record HostSpace(long total, long unallocated, long usable, long blockSize) {}
