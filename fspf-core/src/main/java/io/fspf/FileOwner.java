package io.fspf;

/**
 * Whom a file belongs to, by numbers as on Unix.
 *
 * @param uid the user
 * @param gid the group
 */
public record FileOwner(int uid, int gid) {}
