package io.fspf.cas.service;

import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.wire.Message;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;

/**
 * Where the service's state changes: one deed at a time, each with its line in the audit log, both
 * durable before anybody hears of it. After a failure to write, what is in memory may be ahead of
 * what is durable, so nothing more is done or shown. Thread-safe.
 */
final class Ledger implements Closeable {
  private final Records records;
  private final AuditLog audit;
  private final Clock clock;
  private boolean failed;

  Ledger(Records records, AuditLog audit, Clock clock) {
    this.records = records;
    this.audit = audit;
    this.clock = clock;
  }

  /** What is done while nothing else is. */
  @FunctionalInterface
  interface Deed<T> {
    T run() throws IOException;
  }

  /** The state, for deeds. */
  Records records() {
    return records;
  }

  /** Looks at the state while nobody changes it. */
  synchronized <T> T look(Deed<T> deed) throws IOException {
    checkWorks();
    return deed.run();
  }

  /**
   * Does something, and writes down that it was done or refused. A deed refuses before it puts
   * anything anywhere.
   *
   * @param details for the audit log; the deed may add to them
   */
  synchronized <T> T change(String event, Message details, Deed<T> deed) throws IOException {
    checkWorks();
    try {
      T result = deed.run();
      commit(event, details);
      return result;
    } catch (RefusedException e) {
      refused(event, details, e);
      throw e;
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  private void refused(String event, Message details, RefusedException why) throws IOException {
    try {
      if (records.isChanged()) {
        throw new IllegalStateException("A deed was refused halfway", why);
      }
      commit(
          "refused " + event,
          details
              .with("reason", why.reason().name())
              .with("message", String.valueOf(why.getMessage())));
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  private void commit(String event, Message details) throws IOException {
    audit.prepare(clock.instant(), event, details);
    records.commit();
    audit.complete();
  }

  private void checkWorks() throws IOException {
    if (failed) {
      throw new IOException("The service could not write its state and has stopped");
    }
  }

  @Override
  public synchronized void close() throws IOException {
    failed = true;
    try (records) {
      audit.close();
    }
  }
}
