package io.fspf.cas.evidence;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.HashCode;
import io.fspf.cas.evidence.dcap.DcapCollateral;
import io.fspf.cas.evidence.dcap.DcapVerifier;
import io.fspf.cas.evidence.sev.AzureVerifier;
import io.fspf.cas.evidence.sev.SevCertificates;
import io.fspf.cas.evidence.sev.SnpTcb;
import io.fspf.cas.evidence.sev.SnpVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the user keeps about vendors, as files of a folder. They are read anew with each piece of
 * evidence, so they can be renewed while a service runs; whoever may write there can suppress
 * revocations, but make no root trusted.
 *
 * <pre>
 * intel/root.pem                  Intel's SGX root CA
 * intel/collateral/*.json         see {@link DcapCollateral}
 * amd/NAME/chain.pem              ARK, ASK and ASVK of a generation
 * amd/NAME/crl.der                its revocation list, or
 * amd/NAME/no-crl                 the choice to have none
 * amd/NAME/minimum-tcb            optional: see {@link SnpTcb#parse}
 * amd/NAME/endorsements/*         optional: VCEKs and VLEKs that do not come with evidence
 * </pre>
 */
public final class EvidenceFolder {
  private static final int MAX_FILE = 1 << 20;
  private static final int MAX_FILES = 1_000;

  private final Path folder;
  private final ImmutableSet<HashCode> ownRoots;

  private EvidenceFolder(Path folder, ImmutableSet<HashCode> ownRoots) {
    this.folder = folder;
    this.ownRoots = ownRoots;
  }

  /** A folder whose roots are the vendors'. */
  public static EvidenceFolder ofVendors(Path folder) {
    return new EvidenceFolder(folder, ImmutableSet.of());
  }

  /**
   * A folder whose roots are someone's own, and no vendor's.
   *
   * @param fingerprints SHA-256 of the roots in DER
   */
  public static EvidenceFolder ofOwnRoots(Path folder, ImmutableSet<HashCode> fingerprints) {
    return new EvidenceFolder(folder, fingerprints);
  }

  /**
   * A verifier of each format that there are files for.
   *
   * @throws EvidenceException if something is missing or not what it should be
   */
  public ImmutableList<EvidenceVerifier> verifiers() throws EvidenceException {
    ImmutableList.Builder<EvidenceVerifier> verifiers = ImmutableList.builder();
    if (Files.isDirectory(folder.resolve("intel"))) {
      TrustedRoot root = root(read("intel/root.pem"));
      // Read once to find mistakes early.
      collateral(root);
      verifiers.add(DcapVerifier.sgx(root, () -> collateral(root)));
      verifiers.add(DcapVerifier.tdx(root, () -> collateral(root)));
    }
    if (Files.isDirectory(folder.resolve("amd"))) {
      generations();
      verifiers.add(new SnpVerifier(this::generations));
      verifiers.add(new AzureVerifier(this::generations));
    }
    return verifiers.build();
  }

  private TrustedRoot root(byte[] file) throws EvidenceException {
    return ownRoots.isEmpty() ? TrustedRoot.vendor(file) : TrustedRoot.pinned(file, ownRoots);
  }

  private ImmutableList<DcapCollateral> collateral(TrustedRoot root) throws EvidenceException {
    ImmutableList.Builder<DcapCollateral> collateral = ImmutableList.builder();
    for (String name : names("intel/collateral")) {
      if (name.endsWith(".json")) {
        collateral.add(DcapCollateral.read(read("intel/collateral/" + name), root));
      }
    }
    return collateral.build();
  }

  private ImmutableList<SevCertificates> generations() throws EvidenceException {
    ImmutableList.Builder<SevCertificates> generations = ImmutableList.builder();
    for (String name : names("amd")) {
      generations.add(generation("amd/" + name));
    }
    return generations.build();
  }

  private SevCertificates generation(String place) throws EvidenceException {
    byte[] chain = read(place + "/chain.pem");
    SevCertificates.Builder builder = SevCertificates.below(root(chain)).authorities(chain);
    // The list wins, so that a choice forgotten in the folder hides none.
    if (Files.exists(folder.resolve(place + "/crl.der"))) {
      builder.revocations(read(place + "/crl.der"));
    } else if (Files.exists(folder.resolve(place + "/no-crl"))) {
      builder.withoutRevocations();
    } else {
      throw new EvidenceException(
          place + " has neither crl.der nor no-crl, the choice to do without");
    }
    if (Files.exists(folder.resolve(place + "/minimum-tcb"))) {
      builder.minimum(minimum(place + "/minimum-tcb"));
    }
    if (Files.isDirectory(folder.resolve(place + "/endorsements"))) {
      for (String name : names(place + "/endorsements")) {
        builder.endorsements(read(place + "/endorsements/" + name));
      }
    }
    return builder.build();
  }

  private SnpTcb minimum(String place) throws EvidenceException {
    try {
      return SnpTcb.parse(new String(read(place), StandardCharsets.UTF_8).strip());
    } catch (IllegalArgumentException e) {
      throw new EvidenceException(place + " is not a TCB such as 4.0.24.219", e);
    }
  }

  private ImmutableList<String> names(String place) throws EvidenceException {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    int n = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve(place))) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        // What is being renewed, and what editors leave.
        if (!name.startsWith(".")) {
          names.add(name);
          if (++n > MAX_FILES) {
            throw new EvidenceException(place + " has more than " + MAX_FILES + " files");
          }
        }
      }
    } catch (IOException e) {
      throw new EvidenceException(place + " cannot be read", e);
    }
    return names.build();
  }

  private byte[] read(String place) throws EvidenceException {
    try (InputStream in = Files.newInputStream(folder.resolve(place))) {
      byte[] content = in.readNBytes(MAX_FILE + 1);
      if (content.length > MAX_FILE) {
        throw new EvidenceException(place + " is longer than " + MAX_FILE + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw new EvidenceException(place + " cannot be read", e);
    }
  }
}
