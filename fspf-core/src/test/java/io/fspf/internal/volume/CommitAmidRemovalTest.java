package io.fspf.internal.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * A file that is being removed is not written any more. Its record and its chunks are no longer in
 * the tree for a moment before its content is let go; a commit that wrote the content then took the
 * slots of the last commit for free.
 */
class CommitAmidRemovalTest {
  @Test
  void theLastCommitsSlotsStayAsTheyAre() throws Exception {
    var loader =
        new MutatingClassLoader(WorkingState.class.getName(), "apply", AfterTreeChange.class);
    Object work =
        loader.loadClass(CommitAmidRemoval.class.getName()).getConstructor().newInstance();
    assertThat(((Callable<?>) work).call()).isEqualTo(true);
  }
}
