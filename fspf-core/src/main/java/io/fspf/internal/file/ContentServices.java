package io.fspf.internal.file;

import io.fspf.internal.crypto.CryptoContext;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the contents of all files of a volume share.
 *
 * @param crypto engines, randomness
 * @param keys makes and opens file keys
 * @param cache verified chunks
 * @param limits how much may be held and sealed
 * @param dirtyBytes how much is held at the moment in changes that were not written yet, over all
 *     files
 */
public record ContentServices(
    CryptoContext crypto,
    FileKeys keys,
    ChunkCache cache,
    ContentLimits limits,
    AtomicLong dirtyBytes) {}
