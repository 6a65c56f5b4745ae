/** Tests of tables and plots. */
@NullMarked
package io.fspf.bench.report;

import org.jspecify.annotations.NullMarked;
