package io.fspf.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ExecTagStoreTest extends TagStoreContractTest {
  /** A whole store in a few lines, as somebody might write it. */
  private static final String SCRIPT =
      """
      dir=$1; verb=$2; state=absent; volume=; expected=; tag=; generation=
      while IFS='=' read -r key value && [ -n "$key" ]; do
        case $key in volume) volume=$value;; expected) expected=$value;; tag) tag=$value;; generation) generation=$value;; esac
      done
      until mkdir "$dir/lock" 2>/dev/null; do sleep 0.01; done
      trap 'rmdir "$dir/lock"' EXIT
      current=; number=
      if [ -e "$dir/$volume" ]; then read -r current number < "$dir/$volume"; state=present; fi
      case $verb in
        get) printf 'state=%s\\nfuture=x\\n' $state
             if [ $state = present ]; then printf 'tag=%s\\ngeneration=%s\\n' "$current" "$number"; fi;;
        cas) if [ "$current" = "$expected" ]; then
               printf '%s %s\\n' "$tag" "$generation" > "$dir/$volume"; printf 'result=stored\\n\\nignored'
             else printf 'result=conflict\\n'; fi;;
      esac
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temporary;

  @Override
  TagStore emptyStore() throws IOException {
    Files.writeString(temporary.resolve("store.sh"), SCRIPT);
    Files.createDirectory(temporary.resolve("tags"));
    return sameStore();
  }

  @Override
  TagStore sameStore() throws IOException {
    return TagStores.of(
        "exec:sh " + temporary.resolve("store.sh") + " " + temporary.resolve("tags"));
  }

  @Override
  int rounds() {
    return 5;
  }

  private static TagStore answering(String script) {
    return TagStores.exec(List.of("sh", "-c", script), Duration.ofSeconds(10));
  }

  @Test
  void refusesEveryOtherAnswer() {
    for (String script :
        new String[] {
          "",
          "echo",
          "echo nonsense",
          "echo state=perhaps",
          "echo state=present",
          "echo state=absent; exit 1",
          "echo state=absent; echo state=absent",
          "echo state=present; echo tag=" + tag(1),
          "echo state=present; echo generation=1; echo tag=00",
          "echo state=present; echo generation=-1; echo tag=" + tag(1),
          "echo state=present; echo generation=1; echo tag=" + "z".repeat(64),
          "printf state=absent",
          "echo state=absent; head -c 100000 /dev/zero | tr '\\0' x",
          "head -c 1000000 /dev/zero",
          "kill -9 $$",
        }) {
      assertThatThrownBy(() -> answering(script).load("v"))
          .as(script)
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> answering(script).compareAndSet("v", null, state(1)))
          .as(script)
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(
            () -> answering("echo result=stored; exit 3").compareAndSet("v", null, state(1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void tellsWhatTheCommandComplainsOf() {
    assertThatThrownBy(() -> answering("echo 'no access' >&2; echo more >&2; exit 7").load("v"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exit code 7")
        .hasMessageEndingWith("no access");
    assertThatThrownBy(() -> TagStores.exec(List.of("/no/such/command")).load("v"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void doesNotWaitForEver() throws Exception {
    Path pid = temporary.resolve("pid");
    TagStore slow =
        TagStores.exec(
            List.of("sh", "-c", "sleep 600 & echo $! > " + pid + "; wait"),
            Duration.ofMillis(1500));
    long start = System.nanoTime();
    assertThatThrownBy(() -> slow.load("v"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not end");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    long child = Long.parseLong(Files.readString(pid).strip());
    for (int i = 0;
        i < 500 && ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false);
        i++) {
      Thread.sleep(10);
    }
    assertThat(ProcessHandle.of(child).map(ProcessHandle::isAlive)).isNotEqualTo(Optional.of(true));
  }

  @Test
  void needsACommand() {
    assertThatThrownBy(() -> TagStores.exec(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TagStores.exec(List.of("x"), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
