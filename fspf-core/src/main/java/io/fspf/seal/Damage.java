package io.fspf.seal;

import java.util.OptionalLong;

/**
 * One place where the host's bytes are not the committed ones.
 *
 * @param path the clear path in the volume, or the name of the fspf file for the metadata
 * @param offset in bytes from the start of the file, where one applies
 * @param reason what was violated, in a few words
 */
public record Damage(String path, OptionalLong offset, String reason) {}
