package io.fspf.nio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Runs a Java program whose jars are in a volume. All of its code is verified as it is loaded; none
 * of it is copied to the host.
 *
 * <pre>
 * RunFromVolume [--key-file F] [--passphrase-file F] [--tag HEX] [--tag-file F] [--tag-store URI]
 *     [--host-root DIR] VOLUME -- JAR ARGUMENT...
 * RunFromVolume ... VOLUME -- -cp PATH[:PATH...] CLASS ARGUMENT...
 * RunFromVolume ... VOLUME -- -p PATH[:PATH...] -m MODULE/CLASS ARGUMENT...
 * </pre>
 */
public final class RunFromVolume {
  private static final Map<String, String> OPTIONS =
      ImmutableMap.of(
          "--key-file", FspfEnvironment.KEY_FILE,
          "--passphrase-file", FspfEnvironment.PASSPHRASE_FILE,
          "--tag", FspfEnvironment.TAG,
          "--tag-file", FspfEnvironment.TAG_FILE,
          "--tag-store", FspfEnvironment.TAG_STORE,
          "--host-root", FspfEnvironment.HOST_ROOT);

  private RunFromVolume() {}

  /** Runs a program; what it throws comes out of here. */
  public static void main(String[] arguments) throws Throwable {
    Map<String, String> environment = new LinkedHashMap<>();
    int next = 0;
    while (next + 1 < arguments.length && OPTIONS.containsKey(arguments[next])) {
      environment.put(OPTIONS.get(arguments[next]), arguments[next + 1]);
      next += 2;
    }
    if (next + 2 >= arguments.length || !arguments[next + 1].equals("--")) {
      throw new IllegalArgumentException(
          "Needed: [OPTION VALUE]... VOLUME -- JAR|-cp PATH CLASS|-p PATH -m MODULE/CLASS"
              + " [ARGUMENT]...");
    }
    environment.put(FspfEnvironment.READ_ONLY, "true");
    Path location = Path.of(arguments[next]);
    // The volume stays open: when main returns, the program's other threads may still need it.
    FileSystem volume = FspfFileSystems.provider().open(location, environment);
    run(volume, Arrays.asList(arguments).subList(next + 2, arguments.length));
  }

  /**
   * Runs a program from a volume, in this thread.
   *
   * @param command as {@link #load} takes it
   * @throws Throwable what the program's {@code main} throws
   */
  public static void run(FileSystem volume, List<String> command) throws Throwable {
    load(volume, command).run();
  }

  /**
   * Finds a program in a volume.
   *
   * @param command {@code JAR ARGUMENT...}, {@code -cp PATH CLASS ARGUMENT...}, or {@code -p PATH
   *     -m MODULE/CLASS ARGUMENT...}
   * @throws IllegalArgumentException if the command is none of these
   * @throws ReflectiveOperationException if there is no such class, or it has no {@code main}
   */
  public static Program load(FileSystem volume, List<String> command)
      throws IOException, ReflectiveOperationException {
    if (command.isEmpty()) {
      throw new IllegalArgumentException("No program to run");
    }
    ClassLoader parent = ClassLoader.getPlatformClassLoader();
    List<String> rest;
    Class<?> program;
    if (command.get(0).equals("-cp")) {
      var loader = new FspfClassLoader(paths(volume, argument(command, 1)), parent);
      program = loader.loadClass(argument(command, 2));
      rest = command.subList(3, command.size());
    } else if (command.get(0).equals("-p")) {
      program = moduleClass(volume, command);
      rest = command.subList(4, command.size());
    } else {
      Path jar = volume.getPath(command.get(0));
      var loader = new FspfClassLoader(List.of(jar), parent);
      program = loader.loadClass(mainClass(loader, jar));
      rest = command.subList(1, command.size());
    }
    Method main = program.getMethod("main", String[].class);
    if (!Modifier.isStatic(main.getModifiers())) {
      throw new NoSuchMethodException("main of " + program.getName() + " is not static");
    }
    main.setAccessible(true);
    return new Program(main, ImmutableList.copyOf(rest));
  }

  /** A program that is ready to run. */
  public static final class Program {
    private final Method main;
    private final ImmutableList<String> arguments;

    private Program(Method main, ImmutableList<String> arguments) {
      this.main = main;
      this.arguments = arguments;
    }

    /**
     * Runs it in this thread.
     *
     * @throws Throwable what its {@code main} throws
     */
    public void run() throws Throwable {
      Thread.currentThread().setContextClassLoader(main.getDeclaringClass().getClassLoader());
      try {
        main.invoke(null, (Object) arguments.toArray(String[]::new));
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    }

    /**
     * Runs it as the {@code java} command does: in a thread of its own, and until all its threads
     * have ended but for daemons. Then the volume may be closed.
     *
     * @throws Throwable what its {@code main} throws
     */
    public void runToEnd() throws Throwable {
      var threads = new ThreadGroup("fspf-program");
      AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
      var first =
          new Thread(
              threads,
              () -> {
                try {
                  run();
                } catch (Throwable e) {
                  failure.set(e);
                }
              },
              "main");
      first.start();
      for (Thread left = first; left != null; left = nonDaemon(threads)) {
        left.join();
      }
      Throwable thrown = failure.get();
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  private static @Nullable Thread nonDaemon(ThreadGroup group) {
    var threads = new Thread[group.activeCount() + 8];
    int count = group.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (!threads[i].isDaemon()) {
        return threads[i];
      }
    }
    return null;
  }

  private static String argument(List<String> command, int index) {
    if (index >= command.size()) {
      throw new IllegalArgumentException("Something is missing after " + command);
    }
    return command.get(index);
  }

  private static List<Path> paths(FileSystem volume, String text) {
    List<Path> paths = new ArrayList<>();
    for (String path : Splitter.on(File.pathSeparatorChar).omitEmptyStrings().split(text)) {
      paths.add(volume.getPath(path));
    }
    return paths;
  }

  private static Class<?> moduleClass(FileSystem volume, List<String> command)
      throws IOException, ClassNotFoundException {
    List<String> named = Splitter.on('/').limit(2).splitToList(argument(command, 3));
    if (!argument(command, 2).equals("-m") || named.size() != 2) {
      throw new IllegalArgumentException("After -p PATH comes -m MODULE/CLASS");
    }
    var loader = new FspfClassLoader(List.of(), ClassLoader.getPlatformClassLoader());
    var finder = loader.modules(paths(volume, command.get(1)));
    var boot = ModuleLayer.boot();
    var configuration =
        boot.configuration()
            .resolveAndBind(finder, java.lang.module.ModuleFinder.of(), List.of(named.get(0)));
    ModuleLayer.Controller controller =
        ModuleLayer.defineModules(configuration, List.of(boot), module -> loader);
    Module module = controller.layer().findModule(named.get(0)).orElseThrow();
    Class<?> program = loader.loadClass(named.get(1));
    // As the java command does it, main need not be in an exported package.
    controller.addOpens(module, program.getPackageName(), RunFromVolume.class.getModule());
    return program;
  }

  private static String mainClass(FspfClassLoader loader, Path jar) throws IOException {
    String name = null;
    if (!Presence.exists(jar)) {
      throw new java.nio.file.NoSuchFileException(jar.toString());
    }
    var found = loader.findResource("META-INF/MANIFEST.MF");
    if (found != null) {
      try (InputStream in = found.openStream()) {
        name = new Manifest(in).getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
      }
    }
    return requireMain(name, jar);
  }

  private static String requireMain(@Nullable String name, Path jar) throws IOException {
    if (name == null) {
      throw new IOException("No Main-Class in the manifest of " + jar);
    }
    return name.strip();
  }
}
