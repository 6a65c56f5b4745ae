package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Bytes;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fspf.cas.evidence.TestPki.Extra;
import io.fspf.cas.evidence.TestPki.Identity;
import io.fspf.cas.evidence.dcap.DcapCollateral;
import io.fspf.cas.evidence.dcap.DcapVerifier;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.jspecify.annotations.Nullable;

/**
 * An Intel of one's own: quotes and collateral in the real wire formats below a root made here. Its
 * settings may be changed before each piece is made; as they stand, everything is in order.
 */
public final class TestDcap {
  private static final String SGX_OID = "1.2.840.113741.1.13.1";
  private static final HashCode FMSPC = HashCode.fromString("00906ed50000");
  private static final byte[] INTEL_QE =
      BaseEncoding.base16().decode("939A7233F79C4CA9940A0DB3957F0607");
  private static final byte[] QE_SIGNER = Hashing.sha256().hashInt(1).asBytes();

  /** What goes into the next piece. */
  public static final class Settings {
    /** When the collateral is from; it holds for 30 days. */
    public Instant issued = Instant.parse("2026-01-01T00:00:00Z");

    /** What the platform's model is said to be. */
    public HashCode fmspc = FMSPC;

    /** The status of a platform with the newest security versions. */
    public String tcbStatus = "UpToDate";

    /** The status of the newest quoting enclave. */
    public String qeStatus = "UpToDate";

    /** The status of the newest TDX module. */
    public String moduleStatus = "UpToDate";

    /** Whether the program may be debugged. */
    public boolean debug;

    /** The first security version that the newest TCB level asks for; the platform has 7. */
    public int needed = 7;

    /** The security version of the quoting enclave; 8 is the newest. */
    public int qeSvn = 8;

    /** Who signed the quoting enclave. */
    public byte[] qeSigner = QE_SIGNER.clone();

    /** The security versions of the TDX module, its version, and below. */
    public byte[] teeTcbSvn = {4, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Who signed the TDX module: Intel. */
    public byte[] mrSignerSeam = new byte[48];

    /** What is on the lists of revoked certificates. */
    public final List<Identity> revoked = new ArrayList<>();

    /** Who signs the collateral, if not the one who should. */
    public Identity collateralSigner;

    /** The number of Intel's evaluation. */
    public int evaluation = 17;

    private Settings(Identity collateralSigner) {
      this.collateralSigner = collateralSigner;
    }
  }

  private final Identity root;
  private final Identity authority;
  private final Identity pck;
  private final Identity tcbSigning;
  private final KeyPair attestation = TestPki.ec("secp256r1");
  private final Settings settings;

  /** A new one, with keys of its own. */
  public TestDcap() {
    root = TestPki.root("CN=Intel SGX Root CA,O=Test", ec(), TestPki.ECDSA);
    authority =
        TestPki.authority("CN=Intel SGX PCK Processor CA,O=Test", ec(), root, TestPki.ECDSA);
    pck =
        TestPki.leaf(
            "CN=Intel SGX PCK Certificate,O=Test",
            ec(),
            authority,
            TestPki.ECDSA,
            List.of(new Extra(SGX_OID, sgxExtensions())));
    tcbSigning =
        TestPki.leaf("CN=Intel SGX TCB Signing,O=Test", ec(), root, TestPki.ECDSA, List.of());
    settings = new Settings(tcbSigning);
  }

  private static KeyPair ec() {
    return TestPki.ec("secp256r1");
  }

  /** What may be changed. */
  public Settings settings() {
    return settings;
  }

  /** A moment at which everything is valid. */
  public VerificationContext context() {
    return new VerificationContext(settings.issued.plus(Duration.ofDays(1)));
  }

  /** The root, pinned. */
  public TrustedRoot root() {
    return root.asRoot();
  }

  Identity rootIdentity() {
    return root;
  }

  Identity authority() {
    return authority;
  }

  Identity pck() {
    return pck;
  }

  Identity tcbSigning() {
    return tcbSigning;
  }

  /** A verifier of SGX quotes, with collateral as the settings are now. */
  public EvidenceVerifier sgxVerifier() throws EvidenceException {
    ImmutableList<DcapCollateral> collateral =
        ImmutableList.of(DcapCollateral.read(collateral(false), root()));
    return DcapVerifier.sgx(root(), () -> collateral);
  }

  /** A verifier of TDX quotes, with collateral as the settings are now. */
  public EvidenceVerifier tdxVerifier() throws EvidenceException {
    ImmutableList<DcapCollateral> collateral =
        ImmutableList.of(DcapCollateral.read(collateral(true), root()));
    return DcapVerifier.tdx(root(), () -> collateral);
  }

  /** An SGX platform on which a program of that MRENCLAVE runs. */
  public Attester sgx(HashCode mrEnclave) {
    return new Attester() {
      @Override
      public String format() {
        return DcapVerifier.SGX;
      }

      @Override
      public byte[] attest(byte[] reportData) {
        return sgxQuote(mrEnclave, reportData);
      }
    };
  }

  /** A quote of version 3. */
  public byte[] sgxQuote(HashCode mrEnclave, byte[] reportData) {
    byte[] header = header(3, 0);
    byte[] body =
        enclave(
            mrEnclave.asBytes(),
            Hashing.sha256().hashInt(2).asBytes(),
            0,
            1,
            settings.debug,
            reportData);
    byte[] certified = Bytes.concat(qeCertification(), certificationChain());
    byte[] signed = Bytes.concat(quoteSignature(header, body), attestationKey(), certified);
    return Bytes.concat(header, body, u32(signed.length), signed);
  }

  /** A quote of version 4 of a trust domain that was launched from that MRTD. */
  public byte[] tdxQuote(HashCode mrTd, byte[] reportData) {
    byte[] header = header(4, 0x81);
    byte[] body =
        ByteBuffer.allocate(584)
            .put(settings.teeTcbSvn)
            .put(new byte[48])
            .put(settings.mrSignerSeam)
            .put(new byte[8])
            .put(settings.debug ? new byte[] {1, 0, 0, 0, 0, 0, 0, 0} : new byte[8])
            .put(new byte[8])
            .put(mrTd.asBytes())
            .put(new byte[3 * 48])
            .put(new byte[4 * 48])
            .put(reportData)
            .array();
    byte[] certified = Bytes.concat(qeCertification(), certificationChain());
    byte[] signed =
        Bytes.concat(
            quoteSignature(header, body),
            attestationKey(),
            u16(6),
            u32(certified.length),
            certified);
    return Bytes.concat(header, body, u32(signed.length), signed);
  }

  private static byte[] header(int version, int type) {
    return ByteBuffer.allocate(48)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) version)
        .putShort((short) 2)
        .putInt(type)
        .putInt(0)
        .put(INTEL_QE)
        .array();
  }

  private byte[] quoteSignature(byte[] header, byte[] body) {
    return TestPki.sign("SHA256withECDSAinP1363Format", attestation, header, body);
  }

  private byte[] attestationKey() {
    ECPoint point = ((ECPublicKey) attestation.getPublic()).getW();
    return Bytes.concat(fixed(point.getAffineX()), fixed(point.getAffineY()));
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = new byte[32];
    byte[] magnitude = number.toByteArray();
    int skip = Math.max(0, magnitude.length - bytes.length);
    System.arraycopy(
        magnitude, skip, bytes, bytes.length - magnitude.length + skip, magnitude.length - skip);
    return bytes;
  }

  /** The quoting enclave's report of the attestation key, signed with the PCK. */
  private byte[] qeCertification() {
    byte[] authentication = new byte[32];
    byte[] named =
        Hashing.sha256().hashBytes(Bytes.concat(attestationKey(), authentication)).asBytes();
    byte[] report =
        enclave(
            Hashing.sha256().hashInt(3).asBytes(),
            settings.qeSigner,
            1,
            settings.qeSvn,
            false,
            Bytes.concat(named, new byte[32]));
    byte[] signature = TestPki.sign("SHA256withECDSAinP1363Format", pck.keys(), report);
    return Bytes.concat(report, signature, u16(authentication.length), authentication);
  }

  private byte[] certificationChain() {
    byte[] chain =
        (pck.pem() + authority.pem() + root.pem() + "\0").getBytes(StandardCharsets.US_ASCII);
    return Bytes.concat(u16(5), u32(chain.length), chain);
  }

  private static byte[] enclave(
      byte[] mrEnclave,
      byte[] mrSigner,
      int isvProdId,
      int isvSvn,
      boolean debug,
      byte[] reportData) {
    return ByteBuffer.allocate(384)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(48)
        .putLong(debug ? 0x7 : 0x5)
        .putLong(0xe7)
        .put(mrEnclave)
        .put(new byte[32])
        .put(mrSigner)
        .position(256)
        .putShort((short) isvProdId)
        .putShort((short) isvSvn)
        .position(320)
        .put(reportData)
        .array();
  }

  /** Collateral for the platform, as the settings are now. */
  public byte[] collateral(boolean tdx) {
    String info = tcbInfo(tdx);
    String identity = qeIdentity(tdx);
    Instant next = settings.issued.plus(Duration.ofDays(30));
    JsonObject json = new JsonObject();
    String signerChain = settings.collateralSigner.pem() + root.pem();
    json.addProperty("pck_crl_issuer_chain", authority.pem() + root.pem());
    json.addProperty("root_ca_crl", hex(revocations(root, next)));
    json.addProperty("pck_crl", hex(revocations(authority, next)));
    json.addProperty("tcb_info_issuer_chain", signerChain);
    json.addProperty("tcb_info", info);
    json.addProperty("tcb_info_signature", hex(signature(info)));
    json.addProperty("qe_identity_issuer_chain", signerChain);
    json.addProperty("qe_identity", identity);
    json.addProperty("qe_identity_signature", hex(signature(identity)));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] revocations(Identity issuer, Instant next) {
    List<Identity> revoked =
        settings.revoked.stream()
            .filter(
                identity ->
                    identity
                        .certificate()
                        .getIssuerX500Principal()
                        .equals(issuer.certificate().getSubjectX500Principal()))
            .toList();
    return TestPki.revocations(issuer, TestPki.ECDSA, settings.issued, next, revoked);
  }

  private byte[] signature(String text) {
    return TestPki.sign(
        "SHA256withECDSAinP1363Format",
        settings.collateralSigner.keys(),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private String tcbInfo(boolean tdx) {
    JsonObject info = dated(tdx ? "TDX" : "SGX", 3);
    info.addProperty("fmspc", settings.fmspc.toString());
    info.addProperty("pceId", "0000");
    info.addProperty("tcbType", 0);
    JsonArray levels = new JsonArray();
    levels.add(tcbLevel(tdx, settings.needed, settings.tcbStatus));
    levels.add(tcbLevel(tdx, 5, "OutOfDate"));
    info.add("tcbLevels", levels);
    if (tdx) {
      info.add("tdxModule", module(null));
      JsonArray modules = new JsonArray();
      modules.add(module("TDX_01"));
      info.add("tdxModuleIdentities", modules);
    }
    return info.toString();
  }

  private static JsonObject tcbLevel(boolean tdx, int first, String status) {
    JsonObject tcb = new JsonObject();
    tcb.add("sgxtcbcomponents", components(first));
    tcb.addProperty("pcesvn", 11);
    if (tdx) {
      tcb.add("tdxtcbcomponents", components(4));
    }
    return level(tcb, status);
  }

  private static JsonArray components(int first) {
    JsonArray components = new JsonArray();
    for (int i = 0; i < 16; i++) {
      JsonObject component = new JsonObject();
      component.addProperty("svn", i == 0 ? first : 0);
      components.add(component);
    }
    return components;
  }

  private JsonObject module(@Nullable String id) {
    JsonObject module = new JsonObject();
    module.addProperty("mrsigner", "00".repeat(48));
    module.addProperty("attributes", "00".repeat(8));
    module.addProperty("attributesMask", "ff".repeat(8));
    if (id != null) {
      module.addProperty("id", id);
      JsonArray levels = new JsonArray();
      levels.add(svnLevel(4, settings.moduleStatus));
      levels.add(svnLevel(2, "OutOfDate"));
      module.add("tcbLevels", levels);
    }
    return module;
  }

  private String qeIdentity(boolean tdx) {
    JsonObject identity = dated(tdx ? "TD_QE" : "QE", 2);
    identity.addProperty("miscselect", "00000000");
    identity.addProperty("miscselectMask", "FFFFFFFF");
    identity.addProperty("attributes", "05000000000000000000000000000000");
    identity.addProperty("attributesMask", "FFFFFFFFFFFFFFFF0000000000000000");
    identity.addProperty("mrsigner", hex(QE_SIGNER));
    identity.addProperty("isvprodid", 1);
    JsonArray levels = new JsonArray();
    levels.add(svnLevel(8, settings.qeStatus));
    levels.add(svnLevel(6, "OutOfDate"));
    identity.add("tcbLevels", levels);
    return identity.toString();
  }

  private static JsonObject svnLevel(int isvSvn, String status) {
    JsonObject tcb = new JsonObject();
    tcb.addProperty("isvsvn", isvSvn);
    return level(tcb, status);
  }

  private static JsonObject level(JsonObject tcb, String status) {
    JsonObject level = new JsonObject();
    level.add("tcb", tcb);
    level.addProperty("tcbDate", "2025-05-14T00:00:00Z");
    level.addProperty("tcbStatus", status);
    if (!status.equals("UpToDate")) {
      JsonArray advisories = new JsonArray();
      advisories.add("INTEL-SA-" + status);
      level.add("advisoryIDs", advisories);
    }
    return level;
  }

  private JsonObject dated(String id, int version) {
    JsonObject info = new JsonObject();
    info.addProperty("id", id);
    info.addProperty("version", version);
    info.addProperty("issueDate", settings.issued.toString());
    info.addProperty("nextUpdate", settings.issued.plus(Duration.ofDays(30)).toString());
    info.addProperty("tcbEvaluationDataNumber", settings.evaluation);
    return info;
  }

  /** The platform's security versions: 7, then zeros; the PCE's is 13. */
  private static byte[] sgxExtensions() {
    ASN1EncodableVector tcb = new ASN1EncodableVector();
    for (int i = 1; i <= 16; i++) {
      tcb.add(pair(SGX_OID + ".2." + i, new ASN1Integer(i == 1 ? 7 : 0)));
    }
    tcb.add(pair(SGX_OID + ".2.17", new ASN1Integer(13)));
    tcb.add(pair(SGX_OID + ".2.18", new DEROctetString(new byte[16])));
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(pair(SGX_OID + ".1", new DEROctetString(new byte[16])));
    all.add(pair(SGX_OID + ".2", new DERSequence(tcb)));
    all.add(pair(SGX_OID + ".3", new DEROctetString(new byte[2])));
    all.add(pair(SGX_OID + ".4", new DEROctetString(FMSPC.asBytes())));
    try {
      return new DERSequence(all).getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static DERSequence pair(String oid, ASN1Encodable value) {
    return new DERSequence(new ASN1Encodable[] {new ASN1ObjectIdentifier(oid), value});
  }

  private static byte[] u16(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8)};
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static String hex(byte[] bytes) {
    return HashCode.fromBytes(bytes).toString();
  }
}
