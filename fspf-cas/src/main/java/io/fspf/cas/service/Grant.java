package io.fspf.cas.service;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import io.fspf.RootTag;
import io.fspf.cas.decision.RefusedException;
import io.fspf.cas.decision.VolumeId;
import io.fspf.cas.wire.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a program may do after its proof: ask for and advance the tags of its volumes, as long as
 * the sessions stay what they were.
 *
 * @param id random
 * @param key under which the program authenticates its questions
 * @param configId what it asked for
 * @param end until when
 * @param sessions the sessions that it follows from, and their hashes
 * @param volumes whose tags, by their number
 */
record Grant(
    String id,
    byte[] key,
    String configId,
    Instant end,
    ImmutableMap<String, HashCode> sessions,
    ImmutableList<Tracked> volumes) {

  /**
   * A volume whose tag is tracked.
   *
   * @param id which one
   * @param initial its tag, as long as the service has seen no other
   */
  record Tracked(VolumeId id, Optional<RootTag> initial) {}

  Message toMessage() {
    List<Message> tracked = new ArrayList<>();
    for (Tracked volume : volumes) {
      tracked.add(volume(volume.id()).with("initial", volume.initial()));
    }
    return Message.empty()
        .with("id", id)
        .with("key", key)
        .with("configId", configId)
        .with("end", end.toString())
        .with("sessions", sessions)
        .with("volumes", tracked);
  }

  static Grant of(Message message) throws RefusedException {
    Map<String, HashCode> sessions = new LinkedHashMap<>();
    message
        .texts("sessions")
        .forEach((name, hash) -> sessions.put(name, HashCode.fromString(hash)));
    var volumes = ImmutableList.<Tracked>builder();
    for (Message volume : message.messages("volumes")) {
      volumes.add(new Tracked(volumeId(volume), volume.maybe("initial", RootTag::parse)));
    }
    return new Grant(
        message.text("id"),
        message.bytes("key"),
        message.text("configId"),
        Instant.parse(message.text("end")),
        ImmutableMap.copyOf(sessions),
        volumes.build());
  }

  static Message volume(VolumeId id) {
    return Message.empty()
        .with("cas", id.cas())
        .with("session", id.session())
        .with("volume", id.name());
  }

  static VolumeId volumeId(Message message) throws RefusedException {
    return new VolumeId(
        message.maybe("cas", HashCode::fromString),
        message.text("session"),
        message.text("volume"));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Grant[" + id + ", " + configId + "]";
  }
}
