package org.rolescope.export;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which ONNX model to instrument, and where to.
 *
 * @param model the ONNX file, weights included
 * @param tokenizer its {@code tokenizer.json}
 * @param configuration its {@code config.json}, where there is one
 * @param bundle folder to write; its parents are made where they are missing
 * @param overwrite whether to replace a bundle of another content that is already there
 */
public record InstrumentRequest(
    Path model, Path tokenizer, Optional<Path> configuration, Path bundle, boolean overwrite) {
  /** Makes the paths absolute. */
  public InstrumentRequest {
    model = absolute(requireNonNull(model, "model is null"));
    tokenizer = absolute(requireNonNull(tokenizer, "tokenizer is null"));
    configuration =
        requireNonNull(configuration, "configuration is null").map(InstrumentRequest::absolute);
    bundle = absolute(requireNonNull(bundle, "bundle is null"));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
