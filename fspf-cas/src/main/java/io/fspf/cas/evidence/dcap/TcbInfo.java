package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.internal.Json;
import java.util.Arrays;

/** How far the platforms of one model are up to date (PCS API version 4, TCB info version 3). */
final class TcbInfo {
  private static final int TCB_TYPE = 0;

  /** A level holds for platforms of which no part is older. */
  private record Level(ImmutableIntArray sgx, int pceSvn, ImmutableIntArray tdx, TcbLevel level) {}

  private final SignedInfo info;
  private final byte[] fmspc;
  private final byte[] pceId;
  private final ImmutableList<Level> levels;
  private final TdxModules modules;

  private TcbInfo(
      SignedInfo info,
      byte[] fmspc,
      byte[] pceId,
      ImmutableList<Level> levels,
      TdxModules modules) {
    this.info = info;
    this.fmspc = fmspc;
    this.pceId = pceId;
    this.levels = levels;
    this.modules = modules;
  }

  static TcbInfo read(Tee tee, Json json) throws EvidenceException {
    SignedInfo info = SignedInfo.read(json, tee.tcbInfoId(), 3);
    if (json.number("tcbType", 0xff) != TCB_TYPE) {
      throw new EvidenceException(json + " compares security versions in a way unknown here");
    }
    ImmutableList.Builder<Level> levels = ImmutableList.builder();
    for (Json level : json.get("tcbLevels").list()) {
      Json tcb = level.get("tcb");
      levels.add(
          new Level(
              components(tcb.get("sgxtcbcomponents")),
              tcb.number("pcesvn", 0xffff),
              tee == Tee.TDX ? components(tcb.get("tdxtcbcomponents")) : ImmutableIntArray.of(),
              TcbLevel.read(level)));
    }
    return new TcbInfo(
        info,
        json.hex("fmspc", 6),
        json.hex("pceId", 2),
        levels.build(),
        tee == Tee.TDX ? TdxModules.read(json) : TdxModules.NONE);
  }

  private static ImmutableIntArray components(Json list) throws EvidenceException {
    ImmutableIntArray.Builder components = ImmutableIntArray.builder();
    for (Json component : list.list()) {
      components.add(component.number("svn", 0xff));
    }
    ImmutableIntArray all = components.build();
    if (all.length() != PckCertificate.COMPONENTS) {
      throw new EvidenceException(list + " are not " + PckCertificate.COMPONENTS);
    }
    return all;
  }

  SignedInfo info() {
    return info;
  }

  TdxModules modules() {
    return modules;
  }

  boolean isOf(PckCertificate pck) {
    return Arrays.equals(fmspc, pck.fmspc()) && Arrays.equals(pceId, pck.pceId());
  }

  /** The level of an SGX platform. */
  TcbLevel judge(PckCertificate pck) throws EvidenceException {
    for (Level level : levels) {
      if (holdsFor(level, pck)) {
        return level.level();
      }
    }
    throw noLevel();
  }

  /** The level of a TDX platform. */
  TcbLevel judge(PckCertificate pck, byte[] teeTcbSvn) throws EvidenceException {
    // From module version 1 on the first two belong to the module, which has levels of its own.
    int from = TdxModules.version(teeTcbSvn) == 0 ? 0 : 2;
    for (Level level : levels) {
      boolean holds = holdsFor(level, pck);
      for (int i = from; holds && i < teeTcbSvn.length; i++) {
        holds = (teeTcbSvn[i] & 0xff) >= level.tdx().get(i);
      }
      if (holds) {
        return level.level();
      }
    }
    throw noLevel();
  }

  private static boolean holdsFor(Level level, PckCertificate pck) {
    boolean holds = pck.pceSvn() >= level.pceSvn();
    for (int i = 0; holds && i < PckCertificate.COMPONENTS; i++) {
      holds = pck.components().get(i) >= level.sgx().get(i);
    }
    return holds;
  }

  private EvidenceException noLevel() {
    return new EvidenceException("No TCB level in " + info.what() + " is that of the platform");
  }
}
