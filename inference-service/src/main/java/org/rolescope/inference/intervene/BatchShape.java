package org.rolescope.inference.intervene;

import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * Sizes of the tensors of a batch.
 *
 * @param prompts prompts of the batch
 * @param length tokens of each
 * @param dimensions sizes of the model
 */
record BatchShape(int prompts, int length, ModelDimensions dimensions) {
  int heads() {
    return dimensions.headCount();
  }

  int headSize() {
    return dimensions.headSize();
  }

  int hiddenSize() {
    return dimensions.hiddenSize();
  }

  int tokens() {
    return Math.multiplyExact(prompts, length);
  }
}
