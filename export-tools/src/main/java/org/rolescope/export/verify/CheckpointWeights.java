package org.rolescope.export.verify;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.export.file.FileFaults;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.safetensors.TensorInfo;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.DType;

/**
 * The tensors of a checkpoint by name, whichever of its files they are in. A tensor is mapped while
 * it is used and no longer, so that memory holds one at a time.
 */
final class CheckpointWeights {
  private final Map<String, Located> tensors = new HashMap<>();
  private final String files;

  private CheckpointWeights(List<Path> files) {
    this.files = String.join(", ", files.stream().map(Path::toString).toList());
  }

  private record Located(Path file, TensorInfo info) {}

  /**
   * Reads the headers of weight files.
   *
   * @throws RolescopeException NOT_FOUND where one is missing, MALFORMED_MODEL where one is damaged
   *     or two hold a tensor of the same name
   */
  static CheckpointWeights open(List<Path> files) {
    CheckpointWeights weights = new CheckpointWeights(files);
    for (Path file : files) {
      for (TensorInfo tensor : SafetensorsFile.read(file).tensors().values()) {
        Located other = weights.tensors.putIfAbsent(tensor.name(), new Located(file, tensor));
        if (other != null) {
          throw malformed(
              "Tensor %s is in %s and in %s; download the checkpoint again and export it anew"
                  .formatted(tensor.name(), other.file(), file));
        }
      }
    }
    return weights;
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * A vector in memory.
   *
   * @throws RolescopeException MALFORMED_MODEL where there is none of that name, size and a type
   *     that can be computed with
   */
  double[] vector(String name, int size) {
    Located located = located(name, List.of((long) size));
    try (WeightMatrix matrix = map(located, 1, size)) {
      double[] vector = new double[size];
      matrix.outputs(0, 1, vector);
      return vector;
    }
  }

  /**
   * A matrix stored as [output, input], as PyTorch's Linear and Embedding do.
   *
   * @throws RolescopeException as {@link #vector}
   */
  WeightMatrix matrix(String name, int outputs, int inputs) {
    return map(located(name, List.of((long) outputs, (long) inputs)), outputs, inputs);
  }

  /**
   * A matrix stored as [input, output], as GPT-2's Conv1D does.
   *
   * @throws RolescopeException as {@link #vector}
   */
  WeightMatrix transposed(String name, int inputs, int outputs) {
    return map(located(name, List.of((long) inputs, (long) outputs)), outputs, inputs)
        .storedTransposed();
  }

  private Located located(String name, List<Long> shape) {
    Located located = tensors.get(name);
    if (located == null) {
      throw malformed(
          "There is no tensor %s in %s; download the checkpoint again and export it anew"
              .formatted(name, files));
    }
    if (!located.info().shape().equals(shape)) {
      throw malformed(
          "Tensor %s in %s has the shape %s where config.json asks for %s; download the checkpoint again and export it anew"
              .formatted(name, located.file(), located.info().shape(), shape));
    }
    return located;
  }

  private static WeightMatrix map(Located located, int outputs, int inputs) {
    TensorInfo info = located.info();
    DType type =
        info.type()
            .dataType()
            .filter(known -> known != DType.I64)
            .orElseThrow(
                () ->
                    malformed(
                        "Tensor %s in %s is of type %s; give a checkpoint in F32, F16 or BF16"
                            .formatted(info.name(), located.file(), info.type())));
    // Shared, because the rows of a matrix are read from several threads.
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(located.file())) {
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, info.offsetBytes(), info.sizeBytes(), arena);
      return new WeightMatrix(arena, bytes, type, outputs, inputs);
    } catch (IOException unreadable) {
      arena.close();
      throw FileFaults.unreadable(located.file(), unreadable);
    }
  }

  private static RolescopeException malformed(String sentence) {
    return new RolescopeException(FaultCode.MALFORMED_MODEL, sentence);
  }
}
