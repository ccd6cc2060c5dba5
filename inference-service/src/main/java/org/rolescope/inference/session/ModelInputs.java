package org.rolescope.inference.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * What a whole model is fed for prompts of equal length: {@code input_ids}, {@code attention_mask}
 * (1: nothing is padded), {@code token_type_ids} (0: one segment) and {@code position_ids} (from
 * 0), int64 [batch, pos], and {@code past_key_values...} float32 [batch, head, 0, d_head] (nothing
 * came before). A model declares those it uses. Owns the tensors.
 */
public final class ModelInputs implements AutoCloseable {
  private static final String PAST = "past_key_values";
  private static final int PAST_AXES = 4;
  private static final int PAST_LENGTH_AXIS = 2;

  private final Map<String, StageTensor> byName = new HashMap<>();

  private ModelInputs() {}

  /**
   * The inputs of one run.
   *
   * @param shapes inputs the graph declares, with their sizes; -1 for sizes it leaves open
   * @param tokenIds token ids, row-major [batch, pos]
   * @param batch number of prompts
   * @param length tokens of each prompt
   * @throws RolescopeException MALFORMED_MODEL where the graph wants something else
   */
  public static ModelInputs of(Map<String, long[]> shapes, long[] tokenIds, int batch, int length) {
    ModelInputs inputs = new ModelInputs();
    try {
      shapes.forEach(
          (name, shape) -> inputs.byName.put(name, tensor(name, shape, tokenIds, batch, length)));
      return inputs;
    } catch (RuntimeException failed) {
      inputs.close();
      throw failed;
    }
  }

  /** The inputs by name. */
  public Map<String, StageTensor> byName() {
    return byName;
  }

  @Override
  public void close() {
    byName.values().forEach(StageTensor::close);
  }

  private static StageTensor tensor(
      String name, long[] shape, long[] tokenIds, int batch, int length) {
    return switch (name) {
      case "input_ids" -> StageTensor.ofLongs(tokenIds, batch, length);
      case "attention_mask" -> StageTensor.ofLongs(same(1, tokenIds.length), batch, length);
      case "token_type_ids" -> StageTensor.ofLongs(same(0, tokenIds.length), batch, length);
      case "position_ids" ->
          StageTensor.ofLongs(
              LongStream.range(0, tokenIds.length).map(index -> index % length).toArray(),
              batch,
              length);
      default -> past(name, shape, batch);
    };
  }

  private static StageTensor past(String name, long[] shape, int batch) {
    if (!name.startsWith(PAST) || shape.length != PAST_AXES) {
      throw new RolescopeException(
          FaultCode.MALFORMED_MODEL,
          "The model asks for the input %s, which cannot be fed; instrument it again"
              .formatted(name));
    }
    long[] empty = shape.clone();
    empty[0] = batch;
    empty[PAST_LENGTH_AXIS] = 0;
    FloatBuffer nothing =
        ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()).asFloatBuffer();
    return StageTensor.ofFloats(nothing, empty);
  }

  private static long[] same(long value, int count) {
    long[] values = new long[count];
    Arrays.fill(values, value);
    return values;
  }
}
