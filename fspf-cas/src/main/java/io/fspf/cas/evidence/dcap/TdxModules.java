package io.fspf.cas.evidence.dcap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.fspf.cas.evidence.EvidenceException;
import io.fspf.cas.evidence.TcbStatus;
import io.fspf.cas.evidence.internal.Json;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;

/** Which TDX modules may run trust domains, and how far their versions are up to date. */
final class TdxModules {
  /** None: a platform without TDX. */
  static final TdxModules NONE = new TdxModules(ImmutableMap.of());

  /** The name of the module that is judged by the platform's levels alone. */
  private static final String ORIGINAL = "tdxModule";

  private record Level(int isvSvn, TcbLevel level) {}

  private record Module(
      byte[] mrSigner, byte[] attributes, byte[] attributesMask, ImmutableList<Level> levels) {}

  private final ImmutableMap<String, Module> modules;

  private TdxModules(ImmutableMap<String, Module> modules) {
    this.modules = modules;
  }

  static TdxModules read(Json tcbInfo) throws EvidenceException {
    ImmutableMap.Builder<String, Module> modules = ImmutableMap.builder();
    modules.put(ORIGINAL, module(tcbInfo.get("tdxModule"), ImmutableList.of()));
    if (tcbInfo.has("tdxModuleIdentities")) {
      for (Json identity : tcbInfo.get("tdxModuleIdentities").list()) {
        ImmutableList.Builder<Level> levels = ImmutableList.builder();
        for (Json level : identity.get("tcbLevels").list()) {
          levels.add(new Level(level.get("tcb").number("isvsvn", 0xff), TcbLevel.read(level)));
        }
        modules.put(identity.text("id"), module(identity, levels.build()));
      }
    }
    try {
      return new TdxModules(modules.buildOrThrow());
    } catch (IllegalArgumentException e) {
      throw new EvidenceException(tcbInfo + " names a TDX module twice", e);
    }
  }

  private static Module module(Json json, ImmutableList<Level> levels) throws EvidenceException {
    return new Module(
        json.hex("mrsigner", TdReport.REGISTER),
        json.hex("attributes", 8),
        json.hex("attributesMask", 8),
        levels);
  }

  /** The version of the module, the second of the security versions. */
  static int version(byte[] teeTcbSvn) {
    return teeTcbSvn[1] & 0xff;
  }

  /** What is known of the module that runs that trust domain, which has to be one of these. */
  TcbLevel judge(TdReport report) throws EvidenceException {
    int version = version(report.teeTcbSvn());
    String name = version == 0 ? ORIGINAL : String.format(Locale.ROOT, "TDX_%02X", version);
    Module module = modules.get(name);
    if (module == null
        || !MessageDigest.isEqual(report.mrSignerSeam(), module.mrSigner())
        || !Masks.equal(report.seamAttributes(), module.attributes(), module.attributesMask())) {
      throw new EvidenceException("Not a TDX module that is known as " + name);
    }
    if (version == 0) {
      return new TcbLevel(TcbStatus.UP_TO_DATE, Instant.EPOCH, ImmutableSet.of());
    }
    for (Level level : module.levels()) {
      if ((report.teeTcbSvn()[0] & 0xff) >= level.isvSvn()) {
        return level.level();
      }
    }
    throw new EvidenceException("No TCB level of " + name + "'s version");
  }
}
