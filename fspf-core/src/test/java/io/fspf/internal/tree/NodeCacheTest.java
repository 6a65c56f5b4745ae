package io.fspf.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.fspf.IntegrityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NodeCacheTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final NodePointer pointer = new NodePointer(100, 50, ByteString.copyFrom(new byte[32]));
  private final LeafNode node = new LeafNode(new byte[][] {{1}}, new byte[][] {new byte[100]}, 1);

  @AfterEach
  void stop() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneLoadHoweverManyWait() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    NodeCache cache =
        new NodeCache(
            1 << 20,
            p -> {
              loads.incrementAndGet();
              awaitQuietly(go);
              return node;
            });
    List<Future<TreeNode>> readers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      readers.add(threads.submit(() -> cache.get(pointer)));
    }
    Thread.sleep(100);
    go.countDown();
    for (Future<TreeNode> reader : readers) {
      assertThat(reader.get()).isSameAs(node);
    }
    assertThat(loads).hasValue(1);
    assertThat(cache.get(pointer)).isSameAs(node);
    assertThat(loads).hasValue(1);
  }

  @Test
  void aFailedLoadFailsAllWhoWaitAndIsForgotten() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    NodeCache cache =
        new NodeCache(
            1 << 20,
            p -> {
              awaitQuietly(go);
              if (loads.getAndIncrement() == 0) {
                throw IntegrityException.inMetadata(100, "damaged");
              }
              return node;
            });
    List<FutureTask<TreeNode>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      FutureTask<TreeNode> reader = new FutureTask<>(() -> cache.get(pointer));
      Thread thread = new Thread(reader);
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING
          && thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      readers.add(reader);
    }
    go.countDown();
    for (FutureTask<TreeNode> reader : readers) {
      assertThatThrownBy(reader::get).hasCauseInstanceOf(IntegrityException.class);
    }

    assertThat(cache.get(pointer)).isSameAs(node);
    assertThat(loads).hasValue(2);
  }

  @Test
  void isBounded() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    NodeCache cache =
        new NodeCache(
            10_000,
            p -> {
              loads.incrementAndGet();
              return node;
            });
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 1000; i++) {
        cache.get(new NodePointer(i, 50, pointer.digest()));
      }
    }
    assertThat(loads.get()).isGreaterThan(1900 - 10_000 / node.weight());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
