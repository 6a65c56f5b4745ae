package io.fspf.internal.crypto;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * The engines of this machine: Amazon Corretto Crypto Provider ({@code accp}), the JDK's own
 * ({@code sunjce}) and Bouncy Castle ({@code bc}, slow, for cross tests). None is registered with
 * {@link Security}; each is tried out before it is used.
 */
public final class Engines {
  /**
   * Names the system property that overrides the choice: {@code accp}, {@code sunjce} or {@code
   * bc}.
   */
  public static final String PROPERTY = "fspf.engine";

  private static final String ACCP_CLASS =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

  /**
   * SunJCE is compiled sooner when it is called more often; beyond this there is nothing to gain by
   * larger pieces.
   */
  private static final int SUNJCE_PIECE = 4096;

  private static final int ANY_PIECE = Integer.MAX_VALUE - 15;

  /** An engine, or the reason why there is none. */
  private record Candidate(@Nullable Engine engine, String reason) {}

  private static final ImmutableMap<String, Supplier<Candidate>> CANDIDATES =
      ImmutableMap.of(
          "accp", Suppliers.memoize(() -> tryOut(Engines::accp)),
          "sunjce", Suppliers.memoize(() -> tryOut(Engines::sunJce)),
          "bc", Suppliers.memoize(() -> tryOut(Engines::bouncyCastle)));

  private static final Supplier<Engine> PREFERRED =
      Suppliers.memoize(() -> choose(System.getProperty(PROPERTY)));

  private Engines() {}

  /**
   * The engine to use: the first that works of ACCP and SunJCE, or the one that the system property
   * {@value #PROPERTY} names. Chosen once.
   *
   * @throws IllegalStateException if the one named is unknown or does not work, or if none works
   */
  public static Engine preferred() {
    return PREFERRED.get();
  }

  /** All engines that work here, the fastest first. */
  public static List<Engine> available() {
    var engines = ImmutableList.<Engine>builder();
    for (Supplier<Candidate> candidate : CANDIDATES.values()) {
      Engine engine = candidate.get().engine();
      if (engine != null) {
        engines.add(engine);
      }
    }
    return engines.build();
  }

  /** The names of the engines that do not work here, and why. */
  public static Map<String, String> unavailable() {
    var reasons = ImmutableMap.<String, String>builder();
    CANDIDATES.forEach(
        (name, candidate) -> {
          if (candidate.get().engine() == null) {
            reasons.put(name, candidate.get().reason());
          }
        });
    return reasons.buildOrThrow();
  }

  static Engine choose(@Nullable String wanted) {
    if (wanted != null && !wanted.isEmpty()) {
      Supplier<Candidate> named = CANDIDATES.get(wanted.toLowerCase(Locale.ROOT));
      if (named == null) {
        throw new IllegalStateException(
            PROPERTY + " is '" + wanted + "', but the engines are " + CANDIDATES.keySet());
      }
      return require(wanted, named.get());
    }
    Engine accp = candidate("accp").engine();
    return accp != null ? accp : require("sunjce", candidate("sunjce"));
  }

  private static Candidate candidate(String name) {
    Supplier<Candidate> candidate = CANDIDATES.get(name);
    if (candidate == null) {
      throw new IllegalArgumentException(name);
    }
    return candidate.get();
  }

  private static Engine require(String name, Candidate candidate) {
    Engine engine = candidate.engine();
    if (engine == null) {
      throw new IllegalStateException(
          "The crypto engine " + name + " does not work here: " + candidate.reason());
    }
    return engine;
  }

  @FunctionalInterface
  private interface Loader {
    Engine load() throws ReflectiveOperationException;
  }

  private static Candidate tryOut(Loader loader) {
    try {
      Engine engine = loader.load();
      SelfTest.run(engine);
      return new Candidate(engine, "");
    } catch (ClassNotFoundException e) {
      return new Candidate(null, "not on the class path or module path");
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return new Candidate(null, e.toString());
    }
  }

  /**
   * By reflection, since it is optional: there need be no trace of it when this is compiled or run.
   */
  private static Engine accp() throws ReflectiveOperationException {
    Class<?> type = Class.forName(ACCP_CLASS);
    Provider provider = (Provider) type.getField("INSTANCE").get(null);
    if (type.getMethod("getLoadingError").invoke(provider) instanceof Throwable error) {
      throw new IllegalStateException("its native library does not load: " + error);
    }
    Object status = type.getMethod("runSelfTests").invoke(provider);
    if (!"PASSED".equals(String.valueOf(status))) {
      throw new IllegalStateException("its self test: " + status);
    }
    return new Engine(
        "accp",
        provider.getVersionStr(),
        provider,
        provider,
        ANY_PIECE,
        null,
        accpNonces(provider));
  }

  /** For portions, AWS-LC's generator is ten times as fast as the JDK's. */
  private static Nonces accpNonces(Provider provider) throws ReflectiveOperationException {
    try {
      SecureRandom random = SecureRandom.getInstance("LibCryptoRng", provider);
      return nonces(RandomSource.of(random));
    } catch (NoSuchAlgorithmException e) {
      return nonces(RandomSource.system());
    }
  }

  private static Engine sunJce() {
    Provider gcm = registered("SunJCE");
    return new Engine(
        "sunjce",
        System.getProperty("java.version", "unknown"),
        gcm,
        registered("SUN"),
        SUNJCE_PIECE,
        new SunJceWarmUp(gcm),
        nonces(RandomSource.system()));
  }

  private static Provider registered(String name) {
    Provider provider = Security.getProvider(name);
    if (provider == null) {
      throw new IllegalStateException("this Java has no provider " + name);
    }
    return provider;
  }

  private static Engine bouncyCastle() {
    Provider provider = new BouncyCastleProvider();
    return new Engine(
        "bc",
        provider.getVersionStr(),
        provider,
        provider,
        ANY_PIECE,
        null,
        nonces(RandomSource.system()));
  }

  private static Nonces nonces(RandomSource random) {
    return new Nonces(new BufferedRandom(random), NonceObserver.NONE);
  }
}
