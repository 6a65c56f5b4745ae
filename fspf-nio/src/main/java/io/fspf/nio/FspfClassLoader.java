package io.fspf.nio;

import com.google.common.base.Splitter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes and resources from directories and jars of any file system, a volume's above all:
 * what is loaded has been verified as it was read. Jars are never copied to the host.
 *
 * <p>A jar's {@code Class-Path} is followed, and of a multi-release jar the classes for this JDK
 * are taken. Signatures of jars are not looked at: the volume vouches for them.
 *
 * <p>What cannot be read, because the host has changed it for example, is never taken for missing:
 * otherwise the host could choose which of two classes is loaded, or make a program do without one.
 * The failure comes out as an {@link UncheckedIOException}. Thread-safe.
 */
public final class FspfClassLoader extends SecureClassLoader implements Closeable {
  static {
    registerAsParallelCapable();
  }

  private final JarRoots jars = new JarRoots();
  private final List<Entry> entries = new CopyOnWriteArrayList<>();
  private final Map<String, Entry> modules = new ConcurrentHashMap<>();

  /** One entry of the class path. */
  private record Entry(Path root, CodeSource source, @Nullable Manifest manifest) {}

  /**
   * A loader.
   *
   * @param classPath directories and jars, in the order of search; what does not exist is left out
   */
  public FspfClassLoader(List<Path> classPath, ClassLoader parent) throws IOException {
    super("fspf", parent);
    Set<Path> seen = new LinkedHashSet<>();
    for (Path entry : classPath) {
      add(entry.toAbsolutePath().normalize(), seen);
    }
  }

  private void add(Path entry, Set<Path> seen) throws IOException {
    Path root = seen.add(entry) ? jars.root(entry) : null;
    if (root == null) {
      return;
    }
    Manifest manifest = null;
    Path file = root.resolve("META-INF/MANIFEST.MF");
    if (!root.equals(entry) && Presence.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        manifest = new Manifest(in);
      }
    }
    CodeSource source = new CodeSource(entry.toUri().toURL(), (Certificate[]) null);
    entries.add(new Entry(root, source, manifest));
    String more =
        manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
    Path directory = entry.getParent();
    if (more != null && directory != null) {
      for (String relative : Splitter.on(' ').omitEmptyStrings().split(more)) {
        if (!relative.contains(":")) {
          add(directory.resolve(relative).normalize(), seen);
        }
      }
    }
  }

  /**
   * Finds modules in directories and jars of any file system. This loader has their classes as long
   * as it is open; it is to be the one that a layer maps them to.
   *
   * @param modulePath exploded modules, modular jars, and directories of either
   */
  public ModuleFinder modules(List<Path> modulePath) throws IOException {
    List<Path> roots = new ArrayList<>();
    for (Path entry : modulePath) {
      boolean exploded = Presence.exists(entry.resolve("module-info.class"));
      if (exploded || !Presence.isDirectory(entry)) {
        addModule(entry, roots);
        continue;
      }
      try (var children = Files.newDirectoryStream(entry)) {
        for (Path child : children) {
          addModule(child, roots);
        }
      }
    }
    return ModuleFinder.of(roots.toArray(Path[]::new));
  }

  private void addModule(Path entry, List<Path> roots) throws IOException {
    boolean may = Presence.isDirectory(entry) || entry.toString().endsWith(".jar");
    Path root = may ? jars.root(entry) : null;
    if (root != null && Presence.exists(root.resolve("module-info.class"))) {
      CodeSource source = new CodeSource(entry.toUri().toURL(), (Certificate[]) null);
      var module = new Entry(root, source, null);
      ModuleFinder.of(root)
          .findAll()
          .forEach(found -> modules.putIfAbsent(found.descriptor().name(), module));
      entries.add(module);
      roots.add(root);
    }
  }

  @Override
  protected @Nullable Class<?> findClass(@Nullable String moduleName, String name) {
    Entry module = moduleName == null ? null : modules.get(moduleName);
    try {
      return module == null ? findClass(name) : findClass(name, List.of(module));
    } catch (ClassNotFoundException e) {
      return null; // As this method is to say it.
    }
  }

  @Override
  protected @Nullable URL findResource(@Nullable String moduleName, String name) {
    Entry module = moduleName == null ? null : modules.get(moduleName);
    return findResource(name, module == null ? entries : List.of(module));
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    return findClass(name, entries);
  }

  private Class<?> findClass(String name, List<Entry> places) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    for (Entry entry : places) {
      byte[] bytes;
      try {
        bytes = Presence.readIfPresent(entry.root().resolve(file));
      } catch (IOException e) {
        throw new UncheckedIOException("The class " + name + " cannot be read", e);
      }
      if (bytes != null) {
        definePackageOf(name, entry);
        return defineClass(name, bytes, 0, bytes.length, entry.source());
      }
    }
    throw new ClassNotFoundException(name);
  }

  private void definePackageOf(String className, Entry entry) {
    int dot = className.lastIndexOf('.');
    if (dot < 0 || getDefinedPackage(className.substring(0, dot)) != null) {
      return;
    }
    Attributes attributes =
        entry.manifest() == null ? new Attributes() : entry.manifest().getMainAttributes();
    try {
      var unused =
          definePackage(
              className.substring(0, dot),
              attributes.getValue(Attributes.Name.SPECIFICATION_TITLE),
              attributes.getValue(Attributes.Name.SPECIFICATION_VERSION),
              attributes.getValue(Attributes.Name.SPECIFICATION_VENDOR),
              attributes.getValue(Attributes.Name.IMPLEMENTATION_TITLE),
              attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION),
              attributes.getValue(Attributes.Name.IMPLEMENTATION_VENDOR),
              null);
    } catch (IllegalArgumentException e) {
      // Another thread has defined it.
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return findResource(name, entries);
  }

  private static @Nullable URL findResource(String name, List<Entry> places) {
    for (Entry entry : places) {
      Path path = entry.root().resolve(name);
      try {
        if (Presence.exists(path)) {
          return url(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("The resource " + name + " cannot be read", e);
      }
    }
    return null;
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    List<URL> found = new ArrayList<>();
    for (Entry entry : entries) {
      Path path = entry.root().resolve(name);
      if (Presence.exists(path)) {
        found.add(url(path));
      }
    }
    return Collections.enumeration(found);
  }

  /** A URL that reads the path itself: the JDK's own for jars would copy the jar to the host. */
  private static URL url(Path path) {
    try {
      return new URL(null, path.toUri().toString(), new Handler(path));
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Handler extends URLStreamHandler {
    private final Path path;

    Handler(Path path) {
      this.path = path;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new PathConnection(url, path);
    }
  }

  @Override
  public void close() throws IOException {
    jars.close();
  }
}
