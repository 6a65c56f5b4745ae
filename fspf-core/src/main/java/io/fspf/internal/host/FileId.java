package io.fspf.internal.host;

import java.nio.file.FileSystem;

/** Which file a path led to, whatever its name: equal for all names of one file. */
record FileId(FileSystem fileSystem, Object key) {}
