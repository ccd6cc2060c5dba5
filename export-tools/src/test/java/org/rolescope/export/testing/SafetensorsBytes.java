package org.rolescope.export.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rolescope.export.safetensors.SafetensorsFile;
import org.rolescope.export.safetensors.TensorInfo;

/** Writes safetensors files, well-formed or not. */
public final class SafetensorsBytes {
  private SafetensorsBytes() {}

  /** A tensor in memory. */
  public static final class Tensor {
    private final String type;
    private final List<Long> shape;
    private final byte[] bytes;

    /** A tensor of this type and shape with these bytes. */
    public Tensor(String type, List<Long> shape, byte[] bytes) {
      this.type = type;
      this.shape = List.copyOf(shape);
      this.bytes = bytes.clone();
    }

    /** This BF16 tensor as F32, without loss, or as F16, rounded. */
    public Tensor widened(String target) {
      if (!type.equals("BF16")) {
        throw new IllegalStateException(type + " is not BF16");
      }
      ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int count = bytes.length / Short.BYTES;
      int size = target.equals("F32") ? Float.BYTES : Short.BYTES;
      ByteBuffer wide = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        float value = Float.intBitsToFloat(source.getShort() << 16);
        if (target.equals("F32")) {
          wide.putFloat(value);
        } else {
          wide.putShort(Float.floatToFloat16(value));
        }
      }
      return new Tensor(target, shape, wide.array());
    }
  }

  /** These numbers as F32, F16 or BF16, rounded (BF16: cut off). */
  public static Tensor floats(String type, List<Long> shape, float[] values) {
    int width = type.equals("F32") ? Float.BYTES : Short.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case "F32" -> bytes.putFloat(value);
        case "F16" -> bytes.putShort(Float.floatToFloat16(value));
        case "BF16" -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException("no numbers of type " + type);
      }
    }
    return new Tensor(type, shape, bytes.array());
  }

  /** A vector of zeros of a 16-bit type. */
  public static Tensor zeros(String type, int size) {
    return new Tensor(type, List.of((long) size), new byte[size * Short.BYTES]);
  }

  /** A vector of zeros of a float type but for one number with these bits. */
  public static Tensor spoilt(String type, int size, int place, int bits) {
    int width = type.equals("F32") ? Float.BYTES : Short.BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(size * width).order(ByteOrder.LITTLE_ENDIAN);
    if (width == Float.BYTES) {
      bytes.putInt(place * width, bits);
    } else {
      bytes.putShort(place * width, (short) bits);
    }
    return new Tensor(type, List.of((long) size), bytes.array());
  }

  /** A file with this header text and this many zero bytes of data. */
  public static byte[] of(String header, int dataBytes) {
    return of(header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  /** A file with this header and this many zero bytes of data. */
  public static byte[] of(byte[] header, int dataBytes) {
    return ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  /** A file that only claims a header of this length. */
  public static byte[] claiming(long headerBytes, int actualBytes) {
    return ByteBuffer.allocate(Long.BYTES + actualBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerBytes)
        .array();
  }

  /** All tensors of a file. */
  public static Map<String, Tensor> read(Path path) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(path));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorInfo info : SafetensorsFile.read(path).tensors().values()) {
      byte[] bytes = new byte[Math.toIntExact(info.sizeBytes())];
      content.get(Math.toIntExact(info.offsetBytes()), bytes);
      tensors.put(info.name(), new Tensor(info.type().name(), info.shape(), bytes));
    }
    return tensors;
  }

  /** Writes tensors into a new file. */
  public static void write(Path path, Map<String, Tensor> tensors) throws IOException {
    StringBuilder header = new StringBuilder("{");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (name, tensor) -> {
          int begin = data.size();
          data.writeBytes(tensor.bytes);
          header
              .append(header.length() > 1 ? "," : "")
              .append(
                  "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                      .formatted(name, tensor.type, tensor.shape, begin, data.size()));
        });
    byte[] file = of(header.append("}").toString(), data.size());
    System.arraycopy(data.toByteArray(), 0, file, file.length - data.size(), data.size());
    Files.write(path, file);
  }
}
