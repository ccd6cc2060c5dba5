package org.rolescope.export.verify;

import java.util.Locale;
import java.util.Optional;
import org.rolescope.tensors.Shape;

/**
 * What is known of a tap.
 *
 * @param maxError the largest error of any prompt; NaN where some values cannot be compared
 * @param promptCount prompts that came
 * @param otherShape the first shape that was not as expected, in words
 */
record TapFinding(double maxError, int promptCount, Optional<String> otherShape) {
  /** Before anything came. */
  static final TapFinding NONE = new TapFinding(0, 0, Optional.empty());

  /** With one more prompt. NaN stays: the maximum of it and any number is NaN. */
  TapFinding with(double error) {
    return new TapFinding(Math.max(maxError, error), promptCount + 1, otherShape);
  }

  /** With one more prompt, whose shape is not as expected. */
  TapFinding with(Shape found, Shape expected) {
    return new TapFinding(
        Double.NaN,
        promptCount + 1,
        otherShape.or(() -> Optional.of("%s instead of %s".formatted(found, expected))));
  }

  /** The error once all prompts should have come. */
  double error(int expectedPrompts) {
    return promptCount < expectedPrompts ? Double.NaN : maxError;
  }

  /** What is wrong, in words that follow the name of the tap. */
  String describe(TapKind kind, double tolerance, int expectedPrompts) {
    if (promptCount < expectedPrompts) {
      return "came for %d of %d prompts".formatted(promptCount, expectedPrompts);
    }
    if (otherShape.isPresent()) {
      return "has the shape " + otherShape.get();
    }
    if (!Double.isFinite(maxError)) {
      return "holds values that are not finite";
    }
    return String.format(
        Locale.ROOT, "differs by %.1e%s, tolerated is %.0e", maxError, kind.unit(), tolerance);
  }
}
