package io.fspf.cas.evidence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TestDcap;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates are read in one form only. */
class CertificatesTest {
  private static final X509Certificate CERTIFICATE = new TestDcap().root().certificate();

  private static String pem() throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(CERTIFICATE.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void readsPem() throws Exception {
    assertThat(Certificates.strictPem(ascii(pem()))).containsExactly(CERTIFICATE);
    assertThat(Certificates.strictPem(ascii(pem() + pem() + "\0"))).hasSize(2);
    assertThat(Certificates.strictPem(ascii(pem().stripTrailing()))).hasSize(1);
    assertThat(Certificates.read(ascii("a comment\n" + pem()))).containsExactly(CERTIFICATE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0", "\n", "x", "-----BEGIN CERTIFICATE-----\n"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> Certificates.strictPem(ascii(text)))
        .isInstanceOf(EvidenceException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {" %s", "%s ", "%s\n", "%s\0\0", "\n%s", "%sx"})
  void refusesTextsAroundPem(String around) throws Exception {
    byte[] text = ascii(around.formatted(pem()));
    assertThatThrownBy(() -> Certificates.strictPem(text)).isInstanceOf(EvidenceException.class);
  }

  @Test
  void refusesOtherLinesInPem() throws Exception {
    String pem = pem();
    for (String changed :
        new String[] {
          pem.replace("\n", "\r\n"),
          pem.replace("\nMII", "\n\nMII"),
          pem.replace("-----BEGIN CERTIFICATE-----", "-----BEGIN certificate-----"),
          pem.repeat(9)
        }) {
      assertThatThrownBy(() -> Certificates.strictPem(ascii(changed)))
          .isInstanceOf(EvidenceException.class);
    }
  }

  @Test
  void refusesSignaturesWithUnusedBits() throws Exception {
    byte[] encoded = CERTIFICATE.getEncoded();
    int unused = encoded.length - CERTIFICATE.getSignature().length - 1;
    assertThat(encoded[unused]).isZero();
    for (int bits = 1; bits < 8; bits++) {
      byte[] changed = encoded.clone();
      changed[unused] = (byte) bits;
      // So that the unused bits are zero, as DER wants them.
      changed[changed.length - 1] &= (byte) (0xff << bits);
      assertThatThrownBy(() -> Certificates.der(changed)).isInstanceOf(EvidenceException.class);
    }
  }

  @Test
  void refusesLongFiles() {
    assertThatThrownBy(() -> Certificates.read(new byte[(1 << 16) + 1]))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("More than");
    assertThatThrownBy(() -> Certificates.der(new byte[(1 << 13) + 1]))
        .isInstanceOf(EvidenceException.class)
        .hasMessageContaining("More than");
  }
}
