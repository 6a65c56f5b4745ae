/**
 * The programs' and people's side of the service: sessions in and out, proof, and the volumes that
 * come of it. Keys that were released live here in memory and go from here to volumes only.
 */
@NullMarked
package io.fspf.cas.client;

import org.jspecify.annotations.NullMarked;
