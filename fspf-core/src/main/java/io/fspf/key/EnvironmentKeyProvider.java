package io.fspf.key;

import io.fspf.VolumeKey;
import io.fspf.VolumeKeyException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Takes the key from an environment variable. */
final class EnvironmentKeyProvider implements KeyProvider {
  private static final List<String> VARIABLES = List.of("FSPF_KEY", "SCONE_FSPF_KEY");

  private final Map<String, String> environment;
  private final Consumer<String> warn;
  private final AtomicBoolean warned = new AtomicBoolean();

  EnvironmentKeyProvider(Map<String, String> environment, Consumer<String> warn) {
    this.environment = environment;
    this.warn = warn;
  }

  @Override
  public VolumeKey unlock(KeyRequest request) throws VolumeKeyException {
    return key();
  }

  @Override
  public NewKey create(byte[] volumeId) throws VolumeKeyException {
    return NewKey.withoutSlots(key());
  }

  private VolumeKey key() throws VolumeKeyException {
    for (String variable : VARIABLES) {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        if (!warned.getAndSet(true)) {
          warn.accept(
              "The volume key comes from the environment variable "
                  + variable
                  + ": child processes inherit it, and on an ordinary machine its administrator can"
                  + " read it. A key file is safer.");
        }
        try {
          return VolumeKey.parse(value.strip());
        } catch (IllegalArgumentException e) {
          throw new VolumeKeyException(
              "The environment variable " + variable + " holds no key: " + e.getMessage());
        }
      }
    }
    throw new VolumeKeyException(
        "There is no key: set the environment variable "
            + String.join(" or ", VARIABLES)
            + " to the volume key's 64 hex digits, or name a key file or passphrase file");
  }

  @Override
  public String toString() {
    return "environment";
  }
}
