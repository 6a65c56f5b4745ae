package io.fspf.internal.volume;

import io.fspf.VolumePath;
import io.fspf.internal.host.Host;
import io.fspf.internal.host.HostDirectory;
import io.fspf.internal.host.HostFile;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** Another host, with a count of the bytes that are written to its fspf files. */
final class CountingHost {
  private final AtomicLong metadataBytes = new AtomicLong();
  private final Host host;

  CountingHost(Host counted) {
    this.host =
        proxy(
            Host.class,
            counted,
            (name, arguments, result) ->
                result instanceof HostDirectory directory ? counting(directory) : result);
  }

  Host host() {
    return host;
  }

  /** Bytes written to fspf files so far, reserved zeros included. */
  long metadataBytes() {
    return metadataBytes.get();
  }

  private HostDirectory counting(HostDirectory directory) {
    return proxy(
        HostDirectory.class,
        directory,
        (name, arguments, result) ->
            result instanceof HostFile file
                    && ((VolumePath) arguments[0]).name().toString().contains("fspf")
                ? counting(file)
                : result);
  }

  private HostFile counting(HostFile file) {
    return proxy(
        HostFile.class,
        file,
        (name, arguments, result) -> {
          if (name.equals("write")) {
            metadataBytes.addAndGet((int) arguments[3]);
          }
          return result;
        });
  }

  private interface Then {
    Object apply(String method, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, Then then) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          try {
            return then.apply(method.getName(), arguments, method.invoke(target, arguments));
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
