/** Figures as data, tables and plots. Knows nothing of what is measured, and reads no clock. */
@NullMarked
package io.fspf.bench.report;

import org.jspecify.annotations.NullMarked;
