package org.rolescope.export.verify;

import java.nio.file.Path;
import java.util.List;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** A model as its checkpoint defines it, run layer by layer. */
sealed interface ReferenceModel permits GatedModel, Gpt2Model {
  /**
   * The model of a checkpoint.
   *
   * @param configuration its {@code config.json}
   * @param weightFiles all its weight files
   * @throws RolescopeException NOT_FOUND where a file is missing, MALFORMED_MODEL where one is
   *     damaged or the architecture is not known here
   */
  static ReferenceModel open(Path configuration, List<Path> weightFiles) {
    Configuration fields = Configuration.read(configuration);
    CheckpointWeights weights = CheckpointWeights.open(weightFiles);
    if (Gpt2Options.matches(fields)) {
      return Gpt2Model.of(Gpt2Options.read(fields), weights);
    }
    GatedFamily family =
        GatedFamily.of(fields)
            .orElseThrow(
                () ->
                    new RolescopeException(
                        FaultCode.MALFORMED_MODEL,
                        "%s names an architecture that cannot be verified; those that can are llama, mistral, qwen2, qwen3 and gpt2"
                            .formatted(configuration)));
    return new GatedModel(GatedOptions.read(family, fields), weights);
  }

  /** Its sizes. */
  Sizes sizes();

  /** Residual stream before the first layer, [row, d_model]. */
  Rows embed(PromptRows prompts);

  /**
   * Runs a layer.
   *
   * @param residual residual stream before it, [row, d_model]; not changed
   */
  LayerTaps run(int layer, Rows residual, PromptRows prompts);

  /**
   * Logits, [row, vocab].
   *
   * @param residual residual stream after the last layer, [row, d_model]
   */
  Rows unembed(Rows residual);

  /**
   * Sizes that shape the taps.
   *
   * @param layers transformer blocks
   * @param heads attention heads a layer
   * @param headSize width of a head
   * @param hidden width of the residual stream
   * @param vocabulary tokens in the vocabulary
   */
  record Sizes(int layers, int heads, int headSize, int hidden, int vocabulary) {}
}
