package io.fspf.cas.service;

import io.fspf.RootTag;
import io.fspf.cas.decision.VolumeId;
import io.fspf.cas.service.Records.Kind;
import io.fspf.cas.wire.Message;
import io.fspf.tag.TagState;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The newest tag of each volume that has moved on from the one in its session. Not thread-safe. */
final class VolumeTags {
  private final Records records;
  private final Map<VolumeId, TagState> newest = new HashMap<>();

  VolumeTags(Records records) throws IOException {
    this.records = records;
    for (Message message : records.all(Kind.TAG)) {
      newest.put(
          Grant.volumeId(message),
          new TagState(message.value("tag", RootTag::parse), message.number("generation")));
    }
  }

  /**
   * A volume's tag.
   *
   * @param initial the one in its session, which is right as long as no other was brought
   */
  Optional<TagState> get(VolumeId volume, Optional<RootTag> initial) {
    TagState state = newest.get(volume);
    return state != null ? Optional.of(state) : initial.map(tag -> new TagState(tag, 0));
  }

  /** Moves a volume from one tag to the next; false, and nothing is done, if it is at another. */
  boolean advance(
      VolumeId volume, Optional<RootTag> initial, Optional<RootTag> expected, TagState next)
      throws IOException {
    if (!get(volume, initial).map(TagState::tag).equals(expected)) {
      return false;
    }
    records.put(
        Kind.TAG,
        volume.unique(),
        Grant.volume(volume)
            .with("tag", next.tag().toString())
            .with("generation", next.generation()));
    newest.put(volume, next);
    return true;
  }

  /** From now on the tag in the session is right. */
  void forget(VolumeId volume) throws IOException {
    records.remove(Kind.TAG, volume.unique());
    newest.remove(volume);
  }
}
