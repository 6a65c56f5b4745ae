package io.fspf.internal.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.BaseEncoding;
import io.fspf.Name;
import io.fspf.VolumeLockedException;
import io.fspf.VolumePath;
import io.fspf.internal.host.HostDirectory.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The second process of {@link NioHostTest}. */
final class NioHostChild {
  private NioHostChild() {}

  public static void main(String[] arguments) throws IOException {
    HostDirectory directory = NioHost.directory(Path.of(arguments[1]));
    if (arguments[0].equals("odd")) {
      odd(directory);
    } else {
      locks(directory);
    }
  }

  /** Shows names, and makes one that this process' locale has no characters for. */
  private static void odd(HostDirectory directory) throws IOException {
    BaseEncoding hex = BaseEncoding.base16().lowerCase();
    for (Name name : directory.list(VolumePath.ROOT)) {
      VolumePath below = VolumePath.ROOT.resolve(name);
      for (Name file : directory.list(below)) {
        System.out.println(hex.encode(name.toBytes()) + "/" + hex.encode(file.toBytes()));
      }
      directory
          .open(below.resolve(Name.ofBytes(new byte[] {(byte) 0xE4, '0'})), Mode.CREATE)
          .close();
      System.out.println("made");
    }
  }

  private static void locks(HostDirectory directory) throws IOException {
    Map<String, HostLock> held = new HashMap<>();
    var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("lock")) {
        try {
          held.put(words[1], directory.lock(VolumePath.of(words[1]), words[2].equals("exclusive")));
          System.out.println("locked");
        } catch (VolumeLockedException e) {
          System.out.println(e.getMessage());
        }
      } else {
        HostLock lock = held.remove(words[1]);
        if (lock != null) {
          lock.close();
        }
        System.out.println("unlocked");
      }
    }
  }
}
