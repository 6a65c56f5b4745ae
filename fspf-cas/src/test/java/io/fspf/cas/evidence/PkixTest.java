package io.fspf.cas.evidence;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.fspf.cas.evidence.internal.CertificateChain;
import io.fspf.cas.evidence.internal.Certificates;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The chain's own checks and the JDK's PKIX agree, on vendors' chains and on bad ones. */
class PkixTest {
  private static final Instant NOW = Instant.parse("2025-06-20T00:00:00Z");

  private static void pkix(List<X509Certificate> chain) throws GeneralSecurityException {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(Iterables.getLast(chain), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509")
                .generateCertPath(chain.subList(0, chain.size() - 1)),
            parameters);
  }

  private static void ours(List<X509Certificate> chain, TrustedRoot root, String algorithm)
      throws EvidenceException {
    CertificateChain.verify(chain, root, algorithm).requireValidAt(NOW);
  }

  @Test
  void acceptIntelsChains() {
    byte[] quote = RealEvidence.file("dcap-qvl/sgx_quote");
    assertThatCode(
            () -> {
              List<X509Certificate> chain =
                  Certificates.strictPem(Arrays.copyOfRange(quote, 1052, quote.length));
              pkix(chain);
              ours(chain, RealEvidence.intel(), "SHA256withECDSA");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void acceptAmdsChains() {
    byte[] chain = RealEvidence.file("trustee/vcek.pem");
    assertThatCode(
            () -> {
              List<X509Certificate> certificates = Certificates.read(chain);
              pkix(certificates);
              ours(certificates, TrustedRoot.vendor(chain), "RSASSA-PSS");
            })
        .doesNotThrowAnyException();
  }

  private static KeyPair key() {
    return TestPki.ec("secp256r1");
  }

  private static void assertBothRefuse(
      TestPki.Identity root, String why, TestPki.Identity... below) {
    ImmutableList.Builder<X509Certificate> builder = ImmutableList.builder();
    for (TestPki.Identity identity : below) {
      builder.add(identity.certificate());
    }
    List<X509Certificate> chain = builder.add(root.certificate()).build();
    assertThatThrownBy(() -> ours(chain, root.asRoot(), "SHA256withECDSA"))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining(why);
    assertThatThrownBy(() -> pkix(chain)).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void refuseLeavesThatIssue() {
    TestPki.Identity root = TestPki.root("CN=Root", key(), TestPki.ECDSA);
    TestPki.Identity leaf = TestPki.leaf("CN=Leaf", key(), root, TestPki.ECDSA, List.of());
    TestPki.Identity below = TestPki.leaf("CN=Below", key(), leaf, TestPki.ECDSA, List.of());
    assertBothRefuse(root, "may not issue such a chain", below, leaf);
  }

  @Test
  void refuseLongerChainsThanAuthoritiesAllow() {
    TestPki.Identity root = TestPki.root("CN=Root", key(), TestPki.ECDSA);
    TestPki.Identity one = TestPki.authority("CN=One", key(), root, TestPki.ECDSA);
    TestPki.Identity two = TestPki.authority("CN=Two", key(), one, TestPki.ECDSA);
    TestPki.Identity leaf = TestPki.leaf("CN=Leaf", key(), two, TestPki.ECDSA, List.of());
    assertBothRefuse(root, "may not issue such a chain", leaf, two, one);
  }

  @Test
  void refuseSignaturesOfAnotherKey() {
    TestPki.Identity root = TestPki.root("CN=Root", key(), TestPki.ECDSA);
    TestPki.Identity forged = TestPki.root("CN=Root", key(), TestPki.ECDSA);
    TestPki.Identity leaf = TestPki.leaf("CN=Leaf", key(), forged, TestPki.ECDSA, List.of());
    assertBothRefuse(root, "is not signed by", leaf);
  }

  @Test
  void refuseOtherIssuers() {
    TestPki.Identity root = TestPki.root("CN=Root", key(), TestPki.ECDSA);
    TestPki.Identity other = TestPki.root("CN=Other", key(), TestPki.ECDSA);
    TestPki.Identity leaf = TestPki.leaf("CN=Leaf", key(), other, TestPki.ECDSA, List.of());
    assertBothRefuse(root, "is not issued by", leaf);
  }
}
