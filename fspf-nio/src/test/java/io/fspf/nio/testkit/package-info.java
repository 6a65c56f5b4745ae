/**
 * The published test kit: what a program may expect of a file system, as checks that any provider
 * can be put to, with the default file system as the oracle. Knows nothing of volumes.
 */
@org.jspecify.annotations.NullMarked
package io.fspf.nio.testkit;
