package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.cas.evidence.TestPki.Extra;
import io.fspf.cas.evidence.TestPki.Identity;
import io.fspf.cas.evidence.sev.AzureVerifier;
import io.fspf.cas.evidence.sev.SevCertificates;
import io.fspf.cas.evidence.sev.SnpTcb;
import io.fspf.cas.evidence.sev.SnpVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERIA5String;
import org.jspecify.annotations.Nullable;

/**
 * An AMD of one's own: reports, certificate tables and Azure's wrapping in the real wire formats
 * below a root made here. Its settings may be changed before each piece is made; as they stand,
 * everything is in order.
 */
public final class TestSev {
  /** The entry of a VCEK in a certificate table. */
  static final UUID VCEK = UUID.fromString("63da758d-e664-4564-adc5-f4b93be8accd");

  /** The entry of a VLEK. */
  static final UUID VLEK = UUID.fromString("a8074bc2-a25a-483e-aae6-39c045a0b8a1");

  /** The entry of an authority. */
  static final UUID ASK = UUID.fromString("4ab7b379-bbac-4fe4-a02f-05aef327c782");

  /** The entry of the root. */
  static final UUID ARK = UUID.fromString("c0b406a4-a803-4952-9743-3fb6014cd0ae");

  static final int SIGNED = 0x2a0;

  private static final String AMD = "1.3.6.1.4.1.3704.1";
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  /** What goes into the next piece. */
  public static final class Settings {
    /** The version of the report. */
    public int version = 3;

    /** Whether the guest may be debugged. */
    public boolean debug;

    /** Whether a cloud's key signs. */
    public boolean vlek;

    /** Flags beside the signing key. */
    public int flags;

    /** Which privilege level asked. */
    public int vmpl;

    /** The reported security versions; the certificates are for 4.0.24.219. */
    public SnpTcb tcb = new SnpTcb(4, 0, 24, 219);

    /** Which chip. */
    public byte[] chipId = chip(7);

    /** What is on the list of revoked certificates; null for no list. */
    public @Nullable List<Identity> revoked = new ArrayList<>();

    /** Older platforms are out of date. */
    public @Nullable SnpTcb minimum;

    private Settings() {}
  }

  private final Identity ark;
  private final Identity ask;
  private final Identity asvk;
  private final Identity vcek;
  private final Identity vlek;
  private final Settings settings = new Settings();

  /** A new one, with keys of its own. */
  public TestSev() {
    ark = TestPki.root("CN=ARK-Milan,O=Test", TestPki.rsa(), TestPki.PSS);
    ask = TestPki.authority("CN=SEV-Milan,O=Test", TestPki.rsa(), ark, TestPki.PSS);
    asvk = TestPki.authority("CN=SEV-VLEK-Milan,O=Test", TestPki.rsa(), ark, TestPki.PSS);
    vcek = vcekOf("Milan-B0");
    vlek =
        TestPki.leaf(
            "CN=SEV-VLEK,O=Test",
            TestPki.ec("secp384r1"),
            asvk,
            TestPki.PSS,
            extensions("Milan", new Extra(AMD + ".5", ia5("CN=cloud.example"))));
  }

  private TestSev(TestSev other) {
    ark = other.ark;
    ask = other.ask;
    asvk = other.asvk;
    vcek = other.vcek;
    vlek = other.vlek;
  }

  /** One of the same keys, whose settings are as they were at first. */
  public TestSev afresh() {
    return new TestSev(this);
  }

  Identity vcekOf(String product) {
    return TestPki.leaf(
        "CN=SEV-VCEK,O=Test",
        TestPki.ec("secp384r1"),
        ask,
        TestPki.PSS,
        extensions(product, new Extra(AMD + ".4", chip(7))));
  }

  static byte[] chip(int number) {
    return Hashing.sha512().hashInt(number).asBytes();
  }

  private static List<Extra> extensions(String product, Extra holder) {
    return List.of(
        new Extra(AMD + ".1", integer(0)),
        new Extra(AMD + ".2", ia5(product)),
        new Extra(AMD + ".3.1", integer(4)),
        new Extra(AMD + ".3.2", integer(0)),
        new Extra(AMD + ".3.3", integer(24)),
        new Extra(AMD + ".3.8", integer(219)),
        holder);
  }

  private static byte[] integer(int value) {
    try {
      return new ASN1Integer(value).getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] ia5(String text) {
    try {
      return new DERIA5String(text).getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What may be changed. */
  public Settings settings() {
    return settings;
  }

  /** A moment at which everything is valid. */
  public VerificationContext context() {
    return new VerificationContext(NOW);
  }

  /** The root, pinned. */
  public TrustedRoot root() {
    return ark.asRoot();
  }

  Identity ark() {
    return ark;
  }

  Identity ask() {
    return ask;
  }

  Identity vcek() {
    return vcek;
  }

  Identity vlek() {
    return vlek;
  }

  /** A verifier, with certificates as the settings are now. */
  public EvidenceVerifier verifier() throws EvidenceException {
    ImmutableList<SevCertificates> certificates = ImmutableList.of(certificates().build());
    return new SnpVerifier(() -> certificates);
  }

  /** A verifier of Azure's wrapping, which has the chip's certificate. */
  public EvidenceVerifier azureVerifier() throws EvidenceException {
    ImmutableList<SevCertificates> certificates =
        ImmutableList.of(certificates().endorsements(vcek.encoded()).build());
    return new AzureVerifier(() -> certificates);
  }

  SevCertificates.Builder certificates() throws EvidenceException {
    SevCertificates.Builder builder =
        SevCertificates.below(root()).authorities(chain().getBytes(StandardCharsets.US_ASCII));
    if (settings.minimum != null) {
      builder.minimum(settings.minimum);
    }
    return settings.revoked == null
        ? builder.withoutRevocations()
        : builder.revocations(revocations());
  }

  /** The authorities and the root in PEM. */
  String chain() {
    return ask.pem() + asvk.pem() + ark.pem();
  }

  /** The root's list. */
  byte[] revocations() {
    List<Identity> revoked = settings.revoked == null ? List.of() : settings.revoked;
    return TestPki.revocations(ark, TestPki.PSS, NOW.minusSeconds(1), NOW.plusSeconds(1), revoked);
  }

  /** A guest that was launched with that digest. */
  public Attester guest(HashCode launchDigest) {
    return new Attester() {
      @Override
      public String format() {
        return SnpVerifier.FORMAT;
      }

      @Override
      public byte[] attest(byte[] reportData) {
        return evidence(launchDigest, reportData);
      }
    };
  }

  /** A report with a table of all certificates. */
  public byte[] evidence(HashCode launchDigest, byte[] reportData) {
    return Bytes.concat(
        report(launchDigest, reportData),
        table(
            settings.vlek
                ? ImmutableMap.of(VLEK, vlek.encoded(), ASK, asvk.encoded(), ARK, ark.encoded())
                : ImmutableMap.of(VCEK, vcek.encoded(), ASK, ask.encoded(), ARK, ark.encoded())));
  }

  /** A table as hosts make them, filled up to a page. */
  static byte[] table(Map<UUID, byte[]> certificates) {
    ByteBuffer table = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    int at = (certificates.size() + 1) * 24;
    for (Map.Entry<UUID, byte[]> entry : certificates.entrySet()) {
      UUID kind = entry.getKey();
      table
          .putLong(Long.reverseBytes(kind.getMostSignificantBits()))
          .putLong(Long.reverseBytes(kind.getLeastSignificantBits()))
          .putInt(at)
          .putInt(entry.getValue().length);
      at += entry.getValue().length;
    }
    table.position((certificates.size() + 1) * 24);
    certificates.values().forEach(table::put);
    return table.array();
  }

  /** A bare report. */
  public byte[] report(HashCode launchDigest, byte[] reportData) {
    long version =
        settings.tcb.bootLoader()
            | (long) settings.tcb.tee() << 8
            | (long) settings.tcb.snp() << 48
            | (long) settings.tcb.microcode() << 56;
    byte[] signed =
        ByteBuffer.allocate(SIGNED)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(settings.version)
            .position(8)
            .putLong(settings.debug ? 0xb0000 : 0x30000)
            .position(0x30)
            .putInt(settings.vmpl)
            .putInt(1)
            .putLong(version)
            .position(0x48)
            .putInt((settings.vlek ? 1 << 2 : 0) | settings.flags)
            .position(0x50)
            .put(reportData)
            .put(launchDigest.asBytes())
            .position(0x180)
            .putLong(version)
            .position(0x1a0)
            .put(settings.vlek ? new byte[64] : settings.chipId)
            .array();
    Identity signer = settings.vlek ? vlek : vcek;
    byte[] signature = TestPki.sign("SHA384withECDSAinP1363Format", signer.keys(), signed);
    return ByteBuffer.allocate(1184)
        .put(signed)
        .put(reversed(signature, 0))
        .position(SIGNED + 72)
        .put(reversed(signature, 48))
        .array();
  }

  private static byte[] reversed(byte[] signature, int from) {
    byte[] number = new byte[48];
    System.arraycopy(signature, from, number, 0, number.length);
    Collections.reverse(Bytes.asList(number));
    return number;
  }

  /** A report in Azure's wrapping, of the virtual machine of that number. */
  public byte[] azure(HashCode launchDigest, int machine, byte[] userData) {
    JsonObject key = new JsonObject();
    key.addProperty("kid", "HCLAkPub");
    key.addProperty("kty", "RSA");
    key.addProperty("e", "AQAB");
    byte[] modulus = new byte[256];
    modulus[0] = (byte) (0x80 | machine);
    key.addProperty("n", Base64.getUrlEncoder().withoutPadding().encodeToString(modulus));
    JsonArray keys = new JsonArray();
    keys.add(key);
    JsonObject data = new JsonObject();
    data.add("keys", keys);
    data.addProperty("user-data", HashCode.fromBytes(userData).toString());
    return azure(launchDigest, data.toString());
  }

  byte[] azure(HashCode launchDigest, String runtimeData) {
    byte[] data = runtimeData.getBytes(StandardCharsets.UTF_8);
    byte[] named = Hashing.sha256().hashBytes(data).asBytes();
    return ByteBuffer.allocate(2600)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("HCLA".getBytes(StandardCharsets.US_ASCII))
        .putInt(1)
        .putInt(32 + 1184 + 20 + data.length)
        .putInt(2)
        .position(32)
        .put(report(launchDigest, Bytes.concat(named, new byte[32])))
        .putInt(20 + data.length)
        .putInt(1)
        .putInt(2)
        .putInt(1)
        .putInt(data.length)
        .put(data)
        .array();
  }
}
