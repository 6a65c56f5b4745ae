package io.fspf.cas.service;

import com.google.common.collect.ImmutableList;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A process of its own that serves until it is killed, or its parent is: then its input ends. It
 * prints its port.
 */
final class ServingChild {
  private ServingChild() {}

  /** Serves the service in a folder. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Cas cas =
        Cas.open(
            TestService.home(folder),
            TestService.keys(),
            TestService.freshness(folder),
            new Cas.Settings(ImmutableList.of(), true, Clock.systemUTC()));
    CasServer server =
        CasServer.start(cas, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    System.out.println(server.address().getPort());
    while (System.in.read() >= 0) {
      // Nothing comes.
    }
    Runtime.getRuntime().halt(0);
  }
}
