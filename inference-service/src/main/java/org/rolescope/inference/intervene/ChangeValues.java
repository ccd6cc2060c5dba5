package org.rolescope.inference.intervene;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.LongStream;
import org.rolescope.inference.session.GraphChange;
import org.rolescope.inference.session.StageTensor;

/**
 * The inputs of one change for one batch. At first they leave everything as it is: factors are 1,
 * and values have no place.
 */
final class ChangeValues {
  private final GraphChange change;
  private final BatchShape batch;
  private final long[] valuesShape;
  private final long[] placesShape;
  private final FloatBuffer values;
  private final ByteBuffer places;

  ChangeValues(GraphChange change, BatchShape batch) {
    this.change = change;
    this.batch = batch;
    long[] byHead = {batch.prompts(), batch.heads(), 1, 1};
    long[] pattern = {batch.prompts(), batch.heads(), batch.length(), batch.length()};
    long[] byToken = {batch.tokens(), 1};
    long[] rows = {batch.tokens(), batch.hiddenSize()};
    valuesShape =
        switch (change.kind()) {
          case SCORES_PATCH, PATTERN_PATCH -> pattern;
          case PATTERN_SCALE -> byHead;
          case Z_PATCH ->
              new long[] {batch.prompts(), batch.length(), batch.heads(), batch.headSize()};
          case MLP_SCALE -> byToken;
          case MLP_PATCH, RESIDUAL_PATCH -> rows;
        };
    placesShape =
        switch (change.kind()) {
          case SCORES_PATCH, PATTERN_PATCH -> byHead;
          case Z_PATCH -> new long[] {batch.prompts(), 1, batch.heads(), 1};
          case MLP_PATCH, RESIDUAL_PATCH -> byToken;
          case PATTERN_SCALE, MLP_SCALE -> new long[] {0};
        };
    values = bytes(valuesShape, Float.BYTES).asFloatBuffer();
    places = bytes(placesShape, 1);
    if (isScale()) {
      for (int index = 0; index < values.limit(); index++) {
        values.put(index, 1f);
      }
    }
  }

  /** A value for each place of [query_pos, key_pos], row-major. */
  interface PatternValues {
    float at(int index);
  }

  void scaleHead(int row, int head, float factor) {
    values.put(row * batch.heads() + head, factor);
  }

  void scaleTokens(int row, float factor) {
    for (int position = 0; position < batch.length(); position++) {
      values.put(row * batch.length() + position, factor);
    }
  }

  void patchPattern(int row, int head, PatternValues pattern) {
    int block = batch.length() * batch.length();
    int first = (row * batch.heads() + head) * block;
    for (int index = 0; index < block; index++) {
      values.put(first + index, pattern.at(index));
    }
    places.put(row * batch.heads() + head, (byte) 1);
  }

  /**
   * Puts z of one head there.
   *
   * @param source values of some heads, [pos, head, d_head]
   * @param place place of the head among those
   * @param count number of those
   */
  void patchZ(int row, int head, FloatBuffer source, int place, int count) {
    int width = batch.headSize();
    for (int position = 0; position < batch.length(); position++) {
      int target = ((row * batch.length() + position) * batch.heads() + head) * width;
      values.put(target, source, (position * count + place) * width, width);
    }
    places.put(row * batch.heads() + head, (byte) 1);
  }

  /**
   * Puts the same z of one head at every position.
   *
   * @param source values of some heads, [head, d_head]
   * @param place place of the head among those
   */
  void fillZ(int row, int head, FloatBuffer source, int place) {
    int width = batch.headSize();
    for (int position = 0; position < batch.length(); position++) {
      int target = ((row * batch.length() + position) * batch.heads() + head) * width;
      values.put(target, source, place * width, width);
    }
    places.put(row * batch.heads() + head, (byte) 1);
  }

  /** Puts the rows of a prompt there, [pos, d_model]. */
  void patchTokens(int row, FloatBuffer source) {
    int first = row * batch.length();
    values.put(first * batch.hiddenSize(), source, 0, batch.length() * batch.hiddenSize());
    for (int position = 0; position < batch.length(); position++) {
      places.put(first + position, (byte) 1);
    }
  }

  /** Adds the inputs by name; whoever has the map closes them. */
  void addTo(Map<String, StageTensor> inputs) {
    inputs.put(change.valuesInput(), StageTensor.ofFloats(values, valuesShape));
    if (!isScale()) {
      inputs.put(change.placesInput(), StageTensor.ofBooleans(places, placesShape));
    }
  }

  private boolean isScale() {
    return switch (change.kind()) {
      case PATTERN_SCALE, MLP_SCALE -> true;
      case SCORES_PATCH, PATTERN_PATCH, Z_PATCH, MLP_PATCH, RESIDUAL_PATCH -> false;
    };
  }

  private static ByteBuffer bytes(long[] shape, int elementBytes) {
    long size = LongStream.of(shape).reduce(elementBytes, Math::multiplyExact);
    return ByteBuffer.allocateDirect(Math.toIntExact(size)).order(ByteOrder.nativeOrder());
  }
}
