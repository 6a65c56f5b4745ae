package io.fspf.internal.volume;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.jspecify.annotations.Nullable;

/**
 * Loads all classes of this library once more, one of them with a method changed by a Byte Buddy
 * advice, so that a test can show that other tests notice.
 */
final class MutatingClassLoader extends ClassLoader {
  private final String mutated;
  private final String method;
  private final Class<?> advice;

  MutatingClassLoader(String mutated, String method, Class<?> advice) {
    super(MutatingClassLoader.class.getClassLoader());
    this.mutated = mutated;
    this.method = method;
    this.advice = advice;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && name.startsWith("io.fspf.")) {
        byte[] bytes = bytes(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded == null ? super.loadClass(name, resolve) : loaded;
    }
  }

  private byte[] bytes(String name) throws ClassNotFoundException {
    byte[] original = original(name);
    if (original == null) {
      throw new ClassNotFoundException(name);
    }
    if (!name.equals(mutated)) {
      return original;
    }
    return new ByteBuddy()
        .redefine(Class.forName(name), ClassFileLocator.Simple.of(name, original))
        .visit(Advice.to(advice).on(named(method)))
        .make()
        .getBytes();
  }

  private static byte @Nullable [] original(String name) {
    String file = "/" + name.replace('.', '/') + ".class";
    try (InputStream in = MutatingClassLoader.class.getResourceAsStream(file)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
