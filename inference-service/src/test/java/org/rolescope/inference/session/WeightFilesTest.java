package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.WeightFile;

final class WeightFilesTest {
  /** More than one chunk of 8 MiB, and not a multiple of it. */
  private static final int SIZE = (20 << 20) + 3;

  @TempDir private Path bundle;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
  }

  @Test
  void bytesOfManyChunksAreThoseOfTheFile() throws IOException {
    byte[] bytes = write(SIZE + 5);
    try (Arena arena = Arena.ofShared();
        WeightFiles files = WeightFiles.open(bundle, List.of(file(SIZE + 5)))) {
      MemorySegment target = arena.allocate(SIZE - 2);
      files.read(weight(5, SIZE), 2, target);
      assertThat(target.mismatch(MemorySegment.ofArray(bytes).asSlice(7))).isEqualTo(-1);
    }
  }

  @Test
  void aFileThatEndsWithinATensorIsNamed() throws IOException {
    write(100);
    try (Arena arena = Arena.ofShared();
        WeightFiles files = WeightFiles.open(bundle, List.of(file(100)))) {
      MemorySegment target = arena.allocate(60);
      assertFault(
          FaultCode.MALFORMED_MODEL,
          "ends at byte 100, inside the tensor w; export the model again",
          () -> files.read(weight(50, 60), 0, target));
    }
  }

  @Test
  void aFileThatIsGoneOrHasChangedIsNamed() throws IOException {
    assertFault(
        FaultCode.MALFORMED_MODEL, "is gone", () -> WeightFiles.open(bundle, List.of(file(10))));
    write(9);
    assertFault(
        FaultCode.MALFORMED_MODEL,
        "has 9 bytes, at export it had 10",
        () -> WeightFiles.open(bundle, List.of(file(10))));
  }

  @Test
  void readsGiveUpOnceStopped() throws IOException {
    write(100);
    try (Arena arena = Arena.ofShared();
        WeightFiles files = WeightFiles.open(bundle, List.of(file(100)))) {
      files.stop();
      assertFault(
          FaultCode.CANCELLED, "gave up", () -> files.read(weight(0, 10), 0, arena.allocate(10)));
    }
  }

  @Test
  void aPrefetchNobodyAwaitsEndsWithItsOwner() throws IOException {
    write(SIZE);
    try (WeightFiles files = WeightFiles.open(bundle, List.of(file(SIZE)));
        Prefetch prefetch = new Prefetch(files)) {
      for (String name : List.of("a", "b", "b", "c")) {
        prefetch.begin(stage(name), () -> layout(weight(0, SIZE)));
      }
    }
  }

  @Test
  void aPrefetchFailsWithTheSentenceOfTheRead() throws IOException {
    write(100);
    try (WeightFiles files = WeightFiles.open(bundle, List.of(file(100)));
        Prefetch prefetch = new Prefetch(files)) {
      prefetch.begin(stage("a"), () -> layout(weight(50, 60)));
      assertFault(FaultCode.MALFORMED_MODEL, "inside the tensor w", prefetch::await);
    }
  }

  private static StageLayout layout(StageWeight weight) {
    long size = weight.sizeBytes();
    return new StageLayout(
        List.of(new StageLayout.Placement(weight, "w", DType.BF16, 0, size)), size, size);
  }

  private static Stage stage(String name) {
    return new Stage(name, Stage.Kind.BLOCKS, 0, 0, List.of(), List.of());
  }

  private byte[] write(int size) throws IOException {
    byte[] bytes = new byte[size];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (long index = 0; index < size; index++) {
      segment.set(ValueLayout.JAVA_BYTE, index, (byte) (index * 31 >> 3));
    }
    Files.write(bundle.resolve("weights"), bytes);
    return bytes;
  }

  private WeightFile file(long size) {
    return new WeightFile("weights", "elsewhere", size, "fingerprint");
  }

  private static StageWeight weight(long offset, int size) {
    // Reading does not look at the type; bytes are counted in bfloat16 here.
    return new StageWeight("w", 0, DType.BF16, List.of(size / 2L), offset, size / 2 * 2);
  }

  private static void assertFault(FaultCode code, String sentence, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}
