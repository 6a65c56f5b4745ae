/**
 * The table of required ratios. What is compared runs alternately, round by round, in one process:
 * what else the machine does then hits all of it alike. JMH runs one benchmark to its end before
 * the next, so that its ratios move with the machine.
 */
@NullMarked
package io.fspf.bench.ratio;

import org.jspecify.annotations.NullMarked;
