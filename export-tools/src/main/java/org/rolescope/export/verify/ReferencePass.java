package org.rolescope.export.verify;

import java.util.List;
import org.rolescope.tensors.Axis;
import org.rolescope.tensors.Shape;

/**
 * The forward pass of a checkpoint over a few prompts, in double precision. Goes one layer at a
 * time, when a tap of that layer is asked for, and forgets the one before: memory holds the taps of
 * one layer.
 */
final class ReferencePass {
  private final ReferenceModel model;
  private final PromptRows prompts;
  private Rows residual;
  private LayerTaps taps;
  private int layer = -1;
  private Rows logits;

  /**
   * Begins a pass.
   *
   * @param promptTokenIds token ids of each prompt
   */
  ReferencePass(ReferenceModel model, List<List<Long>> promptTokenIds) {
    this.model = model;
    prompts = new PromptRows(promptTokenIds);
    residual = model.embed(prompts);
  }

  /** What one key alone makes a head write, its norm, [head, key_pos]. */
  ReferenceTensor valueNorm(int wanted, int prompt) {
    int length = prompts.length(prompt);
    int heads = model.sizes().heads();
    double[] byKey = ofPrompt(reach(wanted).valueNorms(), prompt);
    double[] byHead = new double[byKey.length];
    for (int index = 0; index < byHead.length; index++) {
      byHead[index] = byKey[index % length * heads + index / length];
    }
    return new ReferenceTensor(
        "value_norm",
        wanted,
        Shape.of(new Axis(Axis.HEAD, heads), new Axis(Axis.KEY_POS, length)),
        byHead);
  }

  /** Attention pattern, [head, query_pos, key_pos]. */
  ReferenceTensor pattern(int wanted, int prompt) {
    int length = prompts.length(prompt);
    return new ReferenceTensor(
        "pattern",
        wanted,
        Shape.of(
            new Axis(Axis.HEAD, model.sizes().heads()),
            new Axis(Axis.QUERY_POS, length),
            new Axis(Axis.KEY_POS, length)),
        reach(wanted).attention().patterns().get(prompt));
  }

  /** Output of each head before the output projection, [pos, head, d_head]. */
  ReferenceTensor z(int wanted, int prompt) {
    return new ReferenceTensor(
        "z",
        wanted,
        Shape.of(
            new Axis(Axis.POS, prompts.length(prompt)),
            new Axis(Axis.HEAD, model.sizes().heads()),
            new Axis(Axis.D_HEAD, model.sizes().headSize())),
        ofPrompt(reach(wanted).attention().z(), prompt));
  }

  /** Residual stream after the layer, [pos, d_model]. */
  ReferenceTensor residPost(int wanted, int prompt) {
    return new ReferenceTensor(
        "resid_post",
        wanted,
        Shape.of(
            new Axis(Axis.POS, prompts.length(prompt)),
            new Axis(Axis.D_MODEL, model.sizes().hidden())),
        ofPrompt(reach(wanted).residPost(), prompt));
  }

  /** Logits of the last position, [vocab]. */
  ReferenceTensor logits(int prompt) {
    if (logits == null) {
      reach(model.sizes().layers() - 1);
      logits = model.unembed(prompts.lastOf(residual));
    }
    return new ReferenceTensor(
        "logits",
        0,
        Shape.of(new Axis(Axis.VOCAB, model.sizes().vocabulary())),
        logits.copyOf(prompt, 1));
  }

  /** The last layer that ran; -1 before the first. */
  int layer() {
    return layer;
  }

  private LayerTaps reach(int wanted) {
    if (wanted < layer || wanted >= model.sizes().layers()) {
      throw new IllegalArgumentException(
          "layer %d is asked for but the pass is at layer %d of %d"
              .formatted(wanted, layer, model.sizes().layers()));
    }
    while (layer < wanted) {
      taps = model.run(layer + 1, residual, prompts);
      residual = taps.residPost();
      layer++;
    }
    return taps;
  }

  private double[] ofPrompt(Rows rows, int prompt) {
    return rows.copyOf(prompts.firstRow(prompt), prompts.length(prompt));
  }
}
