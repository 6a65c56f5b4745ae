package io.fspf.cas.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.fspf.Freshness;
import io.fspf.VolumeKey;
import io.fspf.cas.decision.ConfigId;
import io.fspf.cas.decision.Reason;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.evidence.EvidenceVerifier;
import io.fspf.cas.evidence.RealEvidence;
import io.fspf.cas.evidence.TestDcap;
import io.fspf.cas.wire.ReportData;
import io.fspf.key.KeyProvider;
import io.fspf.key.KeyProviders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evidence that was made elsewhere answers no challenge, however genuine it is. */
class RealEvidenceReleasesNothingTest {
  private static final int CHALLENGES = 50;
  private static final KeyProvider KEYS = KeyProviders.raw(VolumeKey.parse("0f".repeat(32)));

  @TempDir private Path folder;

  private final ConfigId configId;

  RealEvidenceReleasesNothingTest() throws RefusedException {
    configId = ConfigId.parse("real/app");
  }

  private Cas service(EvidenceVerifier verifier, Instant time) throws IOException {
    Cas.create(folder, KEYS, Freshness.unchecked());
    return Cas.open(
        folder,
        KEYS,
        Freshness.unchecked(),
        new Cas.Settings(ImmutableList.of(verifier), true, Clock.fixed(time, ZoneOffset.UTC)));
  }

  private static void assertRefused(ThrowingCallable how, Reason reason, long seed) {
    assertThatThrownBy(how)
        .as("seed %s", seed)
        .isInstanceOf(RefusedException.class)
        .returns(reason, e -> ((RefusedException) e).reason());
  }

  @ParameterizedTest
  @EnumSource
  void releasesNothing(RealEvidence sample) throws Exception {
    EvidenceVerifier verifier = sample.verifier();
    byte[] evidence = sample.evidence();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Cas cas = service(verifier, sample.context().time())) {
      for (int i = 0; i < CHALLENGES; i++) {
        byte[] publicKey = new byte[32];
        random.nextBytes(publicKey);
        byte[] nonce = cas.challenge(configId);
        assertRefused(
            () -> cas.attest(configId, nonce, publicKey, verifier.format(), evidence),
            Reason.CHALLENGE,
            seed);
      }
    }
  }

  /** The same service goes on to the session when the report data is what it asked for. */
  @Test
  void itIsTheChallengeThatIsNotAnswered() throws Exception {
    TestDcap intel = new TestDcap();
    EvidenceVerifier verifier = intel.sgxVerifier();
    try (Cas cas = service(verifier, intel.context().time())) {
      byte[] publicKey = new byte[32];
      publicKey[0] = 9;
      byte[] nonce = cas.challenge(configId);
      byte[] asked = ReportData.of(nonce, publicKey, configId).asBytes();
      byte[] evidence = intel.sgxQuote(Hashing.sha256().hashInt(1), asked);
      assertThat(evidence).contains(asked);
      assertRefused(
          () -> cas.attest(configId, nonce, publicKey, verifier.format(), evidence),
          Reason.NO_SUCH_SESSION,
          0);
    }
  }
}
