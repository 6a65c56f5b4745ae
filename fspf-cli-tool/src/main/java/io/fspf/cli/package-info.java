/**
 * The command line: options, output and exit codes. Commands only translate between the terminal
 * and the library; whatever decides, verifies or touches a volume stands in the core.
 */
@NullMarked
package io.fspf.cli;

import org.jspecify.annotations.NullMarked;
