package org.rolescope.inference.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;
import org.rolescope.tensors.bundle.StageWeight;
import org.rolescope.tensors.bundle.WeightFile;

/** One weight in bfloat16 that is widened and one in float32 that is not, each of many pieces. */
final class WeightReaderTest {
  private static final int COUNT = (1 << 20) + 17;

  /** Odd on purpose: nothing promises that tensors in a file are aligned. */
  private static final int NARROW_AT = 3;

  private static final int PLAIN_AT = NARROW_AT + COUNT * Short.BYTES;
  private static final int SIZE = PLAIN_AT + COUNT * Float.BYTES;

  @TempDir private Path bundle;
  private ByteBuffer stored;

  @BeforeEach
  void makeWeights() {
    stored = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (int index = 0; index < COUNT; index++) {
      int bits = Float.floatToIntBits(value(index));
      stored.putShort(NARROW_AT + index * Short.BYTES, (short) (bits >>> Short.SIZE));
      stored.putInt(PLAIN_AT + index * Float.BYTES, bits);
    }
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(NativeHandles.open()).isZero();
  }

  @Test
  void piecesFitTogetherWithoutASeam() throws IOException {
    try (WeightBlock block = read()) {
      MemorySegment settled = block.slice(0, 2L * COUNT * Float.BYTES);
      for (int index = 0; index < 2 * COUNT; index++) {
        assertThat(settled.getAtIndex(ValueLayout.JAVA_FLOAT, index))
            .isEqualTo(value(index % COUNT));
      }
    }
  }

  @Test
  void theFirstWeightThatIsNotFiniteIsNamed() throws IOException {
    stored.putFloat(PLAIN_AT + (COUNT - 1) * Float.BYTES, Float.NEGATIVE_INFINITY);
    assertFault("The tensor plain holds NaN or infinity");
    stored.putShort(NARROW_AT + (COUNT - 1) * Short.BYTES, (short) 0x7fc0);
    assertFault("The tensor narrow holds NaN or infinity");
  }

  private void assertFault(String sentence) {
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.MALFORMED_MODEL))
        .hasMessageContaining(sentence);
  }

  private WeightBlock read() throws IOException {
    Files.write(bundle.resolve("weights"), stored.array());
    long wideBytes = (long) COUNT * Float.BYTES;
    StageLayout layout =
        new StageLayout(
            List.of(
                new StageLayout.Placement(
                    weight("narrow", DType.BF16, NARROW_AT), "narrow", DType.F32, 0, wideBytes),
                new StageLayout.Placement(
                    weight("plain", DType.F32, PLAIN_AT),
                    "plain",
                    DType.F32,
                    wideBytes,
                    wideBytes)),
            SIZE,
            2 * wideBytes);
    WeightBlock block = WeightBlock.allocate(layout.settledBytes(), NativeHandles.Scope.PASS);
    List<WeightFile> files = List.of(new WeightFile("weights", "elsewhere", SIZE, "fingerprint"));
    try (WeightFiles open = WeightFiles.open(bundle, files);
        WeightReader reader = new WeightReader(open)) {
      reader.read(layout, block);
      return block;
    } catch (RuntimeException failed) {
      block.close();
      throw failed;
    }
  }

  private static StageWeight weight(String name, DType type, long offset) {
    return new StageWeight(
        name, 0, type, List.of((long) COUNT), offset, (long) COUNT * type.sizeBytes());
  }

  /** A whole number that bfloat16 holds exactly. */
  private static float value(int index) {
    return index % 251 - 125;
  }
}
