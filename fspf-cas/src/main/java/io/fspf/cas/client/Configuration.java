package io.fspf.cas.client;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.fspf.RootTag;
import io.fspf.VolumeKey;
import io.fspf.cas.wire.GrantMac;
import io.fspf.cas.wire.Message;
import io.fspf.cas.wire.Questions;
import io.fspf.cas.wire.Signatures;
import io.fspf.tag.TagPolicy;
import io.fspf.tag.TagState;
import io.fspf.tag.TagStore;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What the service released to this program. Whoever closes it wipes the keys, of which volumes
 * keep copies of their own.
 *
 * @param command the program and its arguments
 * @param workingDirectory where it starts
 * @param environment its variables
 * @param mounts its volumes
 * @param simulated whether the proof was none
 * @param receipt what was released on which evidence: JSON
 * @param receiptSignature the service's signature of it
 */
public record Configuration(
    Optional<String> command,
    Optional<String> workingDirectory,
    ImmutableMap<String, String> environment,
    ImmutableList<Mount> mounts,
    boolean simulated,
    String receipt,
    byte[] receiptSignature)
    implements AutoCloseable {

  /**
   * A volume.
   *
   * @param path where it stands: a directory, or for the image's own file system its fspf file
   * @param name its name in its session
   * @param root whether it is the image's own file system
   * @param key its key
   * @param tag the state that the session names
   * @param store where its newest tag is kept; nothing for a volume that never changes
   * @param policy how old states are treated
   * @param files what is written into it when it is made
   */
  public record Mount(
      String path,
      String name,
      boolean root,
      Optional<VolumeKey> key,
      Optional<RootTag> tag,
      Optional<TagStore> store,
      TagPolicy policy,
      ImmutableMap<String, String> files) {

    /** Without the contents of files. */
    @Override
    public String toString() {
      return name + " at " + path;
    }
  }

  /**
   * The mount of a volume.
   *
   * @throws IOException if the program has no volume of this name
   */
  public Mount mount(String name) throws IOException {
    return mounts.stream()
        .filter(mount -> mount.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IOException("The session gives this program no volume " + name));
  }

  static Configuration of(Message message, X509Certificate service, CasClient client)
      throws IOException {
    String grant = message.text("grant");
    byte[] grantKey = message.bytes("grantKey");
    byte[] receipt = message.bytes("receipt");
    byte[] signature = message.bytes("signature");
    if (!Signatures.verify(service.getPublicKey(), Signatures.Label.RECEIPT, receipt, signature)) {
      throw new IOException("The service's receipt is not signed by it");
    }
    var mounts = ImmutableList.<Mount>builder();
    long tracked = 0;
    for (Message mount : message.messages("mounts")) {
      Optional<TagPolicy> policy = mount.maybe("policy", TagPolicy::valueOf);
      Optional<TagStore> store = Optional.empty();
      if (policy.isPresent()) {
        store = Optional.of(new GrantTagStore(client, grant, grantKey, tracked));
        tracked++;
      }
      Optional<VolumeKey> key = Optional.empty();
      if (mount.maybe("key").isPresent()) {
        byte[] bytes = mount.bytes("key");
        key = Optional.of(VolumeKey.ofBytes(bytes));
        java.util.Arrays.fill(bytes, (byte) 0);
      }
      mounts.add(
          new Mount(
              mount.text("path"),
              mount.text("name"),
              mount.flag("root"),
              key,
              mount.maybe("tag", RootTag::parse),
              store,
              policy.orElse(TagPolicy.ROLLBACK_PROTECTED),
              ImmutableMap.copyOf(mount.texts("files"))));
    }
    Message read = Message.read(receipt);
    return new Configuration(
        message.maybe("command"),
        message.maybe("pwd"),
        ImmutableMap.copyOf(message.texts("environment")),
        mounts.build(),
        read.flag("simulated"),
        read.toString(),
        signature);
  }

  /** By the right that the release itself gave. */
  private static final class GrantTagStore extends CasTagStore {
    private final String grant;
    private final byte[] key;
    private final long number;

    GrantTagStore(CasClient client, String grant, byte[] key, long number) {
      super(client);
      this.grant = grant;
      this.key = key;
      this.number = number;
    }

    private Message message(byte[] mac) {
      return Message.empty().with("grant", grant).with("number", number).with("mac", mac);
    }

    @Override
    Message toLoad() {
      return message(GrantMac.of(key, Questions.loadTag(grant, number)));
    }

    @Override
    Message toAdvance(Optional<RootTag> expected, TagState next) {
      return message(GrantMac.of(key, Questions.advanceTag(grant, number, expected, next)));
    }
  }

  @Override
  public void close() {
    mounts.forEach(mount -> mount.key().ifPresent(VolumeKey::close));
  }

  /** Without variables and receipt. */
  @Override
  public String toString() {
    return "Configuration" + mounts;
  }
}
