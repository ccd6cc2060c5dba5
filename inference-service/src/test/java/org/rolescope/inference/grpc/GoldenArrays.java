package org.rolescope.inference.grpc;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jetbrains.bio.npy.NpyArray;
import org.jetbrains.bio.npy.NpzFile;
import org.rolescope.tensors.TensorView;

/**
 * Expected arrays of a golden case by name: {@code p2_l0_pattern}, {@code p2_logits}. Value norms
 * lie in a file of their own.
 */
final class GoldenArrays implements AutoCloseable {
  private final NpzFile.Reader arrays;
  private final NpzFile.Reader valueNorms;

  GoldenArrays(Path folder) {
    arrays = NpzFile.read(folder.resolve("expected.npz"));
    valueNorms = NpzFile.read(folder.resolve("value_norm.npz"));
  }

  /** Name of the array that belongs to a prompt of a captured tensor. */
  static String name(TensorView tensor, int prompt) {
    return tensor.layer().isPresent()
        ? "p%d_l%d_%s".formatted(prompt, tensor.layer().getAsInt(), tensor.name())
        : "p%d_%s".formatted(prompt, tensor.name());
  }

  /** Names of all arrays. */
  Set<String> names() {
    return Stream.of(arrays, valueNorms)
        .flatMap(file -> file.introspect().stream())
        .map(entry -> entry.getName())
        .collect(Collectors.toSet());
  }

  /** An array with its shape. */
  NpyArray array(String name) {
    return (name.endsWith("value_norm") ? valueNorms : arrays).get(name, Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    arrays.close();
    valueNorms.close();
  }
}
