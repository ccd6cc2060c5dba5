package org.rolescope.bench.baseline;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.rolescope.bench.checkpoint.ModelShape;

/**
 * The products of one vector with every weight matrix of a model, one after the other, as one graph
 * of nothing else: {@code Gemm} with {@code transB}, in float32, each matrix in memory of its own.
 * What a token cannot do without.
 */
public final class VectorProducts implements AutoCloseable {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;
  private static final int NOISE_ELEMENTS = 1 << 20;
  private static final String VECTOR = "vector.";
  private static final String OUTPUT = "product.";

  private final Arena memory = Arena.ofShared();
  private final List<OnnxTensor> weights = new ArrayList<>();
  private final Map<String, OnnxTensor> vectors = new HashMap<>();
  private final String last;
  private final OrtSession session;

  /**
   * Sizes of a matrix.
   *
   * @param out rows
   * @param in columns
   */
  private record Matrix(long out, long in) {
    long sizeBytes() {
      return out * in * Float.BYTES;
    }
  }

  private VectorProducts(ModelShape shape, boolean prepacked) throws OrtException {
    List<Matrix> matrices = matrices(shape);
    last = OUTPUT + (matrices.size() - 1);
    try (SessionOptions options = prepacked ? OnnxSessions.packing() : OnnxSessions.ofService()) {
      float[] noise = noise();
      for (int index = 0; index < matrices.size(); index++) {
        Matrix matrix = matrices.get(index);
        weights.add(tensor(noise, matrix.out(), matrix.in()));
        options.addInitializer(weight(index), weights.getLast());
        if (!vectors.containsKey(VECTOR + matrix.in())) {
          vectors.put(VECTOR + matrix.in(), tensor(noise, 1, matrix.in()));
        }
      }
      session = load(matrices, options);
    }
  }

  /**
   * Loads the graph.
   *
   * @param shape the model
   * @param prepacked whether ONNX Runtime may copy weights into the order it likes best
   */
  public static VectorProducts of(ModelShape shape, boolean prepacked) {
    try {
      return new VectorProducts(shape, prepacked);
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime cannot load the products", failed);
    }
  }

  /** Bytes of all matrices in float32: what has to be read for a token. */
  public static long sizeBytes(ModelShape shape) {
    return matrices(shape).stream().mapToLong(Matrix::sizeBytes).sum();
  }

  /** Multiplies every matrix once. */
  public void run() {
    try {
      session.run(vectors, Set.of(last)).close();
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime failed at the products", failed);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failed) {
      throw new IllegalStateException("ONNX Runtime cannot close the products", failed);
    } finally {
      weights.forEach(OnnxTensor::close);
      vectors.values().forEach(OnnxTensor::close);
      memory.close();
    }
  }

  private static List<Matrix> matrices(ModelShape shape) {
    long hidden = shape.hidden();
    long keys = (long) shape.keyValueHeads() * shape.headSize();
    long middle = shape.intermediate();
    List<Matrix> matrices = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      matrices.add(new Matrix(hidden, hidden));
      matrices.add(new Matrix(keys, hidden));
      matrices.add(new Matrix(keys, hidden));
      matrices.add(new Matrix(hidden, hidden));
      matrices.add(new Matrix(middle, hidden));
      matrices.add(new Matrix(middle, hidden));
      matrices.add(new Matrix(hidden, middle));
    }
    matrices.add(new Matrix(shape.vocabulary(), hidden));
    return matrices;
  }

  /** From a file of its own, which also stands for the external data that is injected. */
  private static OrtSession load(List<Matrix> matrices, SessionOptions options)
      throws OrtException {
    try {
      Path file = Files.createTempFile("rolescope-bench-products", ".onnx");
      try {
        Files.write(file, graph(matrices, file.getFileName().toString()));
        return OnnxSessions.environment().createSession(file.toString(), options);
      } finally {
        Files.delete(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static byte[] graph(List<Matrix> matrices, String location) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("products");
    matrices.stream()
        .map(Matrix::in)
        .distinct()
        .forEach(in -> graph.addInput(value(VECTOR + in, 1, in)));
    for (int index = 0; index < matrices.size(); index++) {
      Matrix matrix = matrices.get(index);
      // Injected; the graph itself only says what it is.
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName(weight(index))
              .setDataType(TensorProto.DataType.FLOAT.getNumber())
              .addDims(matrix.out())
              .addDims(matrix.in())
              .setDataLocation(TensorProto.DataLocation.EXTERNAL)
              .addExternalData(
                  StringStringEntryProto.newBuilder().setKey("location").setValue(location)));
      graph.addNode(product(matrix, index));
      graph.addOutput(value(OUTPUT + index, 1, matrix.out()));
    }
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static NodeProto product(Matrix matrix, int index) {
    return NodeProto.newBuilder()
        .setOpType("Gemm")
        .addInput(VECTOR + matrix.in())
        .addInput(weight(index))
        .addOutput(OUTPUT + index)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("transB")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1))
        .build();
  }

  private static ValueInfoProto value(String name, long rows, long columns) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimValue(rows);
    shape.addDimBuilder().setDimValue(columns);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }

  private static String weight(int index) {
    return "weight." + index;
  }

  /** Equal matrices must not be: ONNX Runtime would keep a single repacked copy of them. */
  private OnnxTensor tensor(float[] noise, long rows, long columns) throws OrtException {
    long count = rows * columns;
    MemorySegment floats = memory.allocate(count * Float.BYTES, 64);
    for (long start = 0; start < count; start += noise.length) {
      int size = (int) Math.min(noise.length, count - start);
      MemorySegment.copy(noise, 0, floats, ValueLayout.JAVA_FLOAT, start * Float.BYTES, size);
    }
    floats.setAtIndex(ValueLayout.JAVA_FLOAT, 0, weights.size());
    FloatBuffer buffer = floats.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    long[] shape = {rows, columns};
    return OnnxTensor.createTensor(OnnxSessions.environment(), buffer, shape);
  }

  private static float[] noise() {
    Random random = new Random(1);
    float[] noise = new float[NOISE_ELEMENTS];
    for (int index = 0; index < noise.length; index++) {
      noise[index] = (float) random.nextGaussian();
    }
    return noise;
  }
}
