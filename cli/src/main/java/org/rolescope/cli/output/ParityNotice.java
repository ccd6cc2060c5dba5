package org.rolescope.cli.output;

import java.io.PrintWriter;
import java.util.Optional;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;
import org.rolescope.v1.Tap;

/** Warns of models whose numbers may not be those of their checkpoint. */
public final class ParityNotice {
  private final PrintWriter err;

  /** Prints to this writer. */
  public ParityNotice(PrintWriter err) {
    this.err = err;
  }

  /** A parity in a word. */
  static String word(Parity parity) {
    return switch (parity) {
      case PARITY_SUPPORTED -> "supported";
      case PARITY_DEGRADED -> "degraded";
      case PARITY_WRONG -> "wrong";
      case PARITY_UNVERIFIED, PARITY_UNSPECIFIED, UNRECOGNIZED -> "unverified";
    };
  }

  /** Prints a line where there is something to warn of. */
  public void print(Model model) {
    warning(model).ifPresent(line -> err.println("rolescope: " + line));
    err.flush();
  }

  /** A model of stages always offers its residual stream; one that was instrumented never does. */
  private static boolean isInstrumented(Model model) {
    return model.getTapsCount() > 0 && !model.getTapsList().contains(Tap.TAP_RESID_POST);
  }

  private static Optional<String> warning(Model model) {
    String name = model.getName();
    return switch (model.getParity()) {
      case PARITY_SUPPORTED -> Optional.empty();
      case PARITY_DEGRADED ->
          Optional.of(
              "Model %s agrees with its checkpoint only roughly (DEGRADED); `rolescope verify %s` shows where"
                  .formatted(name, name));
      case PARITY_WRONG ->
          Optional.of(
              "Model %s computes something else than its checkpoint (WRONG); these numbers are not the checkpoint's"
                  .formatted(name));
      case PARITY_UNVERIFIED, PARITY_UNSPECIFIED, UNRECOGNIZED ->
          Optional.of(
              isInstrumented(model)
                  ? "Model %s was instrumented from an ONNX graph; the numbers are that graph's, there is no checkpoint to verify it against"
                      .formatted(name)
                  : "Model %s was not verified; `rolescope verify %s` does it"
                      .formatted(name, name));
    };
  }
}
