package org.rolescope.inference.forward;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rolescope.tensors.bundle.Stage;
import org.rolescope.tensors.bundle.StageTap;

/**
 * The outputs of MLPs. Exported blocks compute them as {@code blocks.L.mlp_out} [token, d_model],
 * and no graph has them as an output: a pass that wants them adds it.
 */
final class MlpOutputs {
  private MlpOutputs() {}

  /** The tap of each layer of a stage; none where it is not made of blocks. */
  static List<StageTap> taps(Stage stage) {
    return switch (stage.kind()) {
      case BLOCKS ->
          IntStream.rangeClosed(stage.firstLayer(), stage.lastLayer())
              .mapToObj(
                  layer ->
                      new StageTap(
                          CaptureSelection.MLP_OUT,
                          layer,
                          "blocks." + layer + "." + CaptureSelection.MLP_OUT))
              .toList();
      case EMBED, UNEMBED, MODEL -> List.of();
    };
  }

  /** The tensors of a stage that have to become outputs for what is wanted of it. */
  static Set<String> of(Stage stage, CaptureSelection selection) {
    return taps(stage).stream()
        .filter(tap -> selection.wants(tap.name(), tap.layer()))
        .map(StageTap::output)
        .collect(Collectors.toUnmodifiableSet());
  }
}
