/**
 * The JMH benchmarks: the work of {@code io.fspf.bench.work} with one set of parameters in a JVM of
 * its own.
 */
@NullMarked
package io.fspf.bench.jmh;

import org.jspecify.annotations.NullMarked;
