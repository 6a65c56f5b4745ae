package io.fspf;

/**
 * One entry of a directory.
 *
 * @param name its name there
 * @param type the kind of file it names
 */
public record DirectoryEntry(Name name, FileType type) {}
