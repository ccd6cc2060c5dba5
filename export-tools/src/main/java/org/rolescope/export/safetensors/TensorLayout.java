package org.rolescope.export.safetensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Turns claims into tensors: checks each one, then that together they fill the data exactly. */
final class TensorLayout {
  private static final int MAX_AXES = 64;

  private final Path file;
  private final long dataOffsetBytes;
  private final long dataBytes;

  /**
   * The layout of a file.
   *
   * @param file file to name in faults
   * @param dataOffsetBytes position of the first data byte in the file
   * @param dataBytes number of data bytes
   */
  TensorLayout(Path file, long dataOffsetBytes, long dataBytes) {
    this.file = file;
    this.dataOffsetBytes = dataOffsetBytes;
    this.dataBytes = dataBytes;
  }

  /** The validated tensors, in the order of their bytes. */
  List<TensorInfo> tensors(Map<String, HeaderEntry> entries) {
    List<TensorInfo> tensors = new ArrayList<>(entries.size());
    entries.forEach((name, entry) -> tensors.add(tensor(name, entry)));
    tensors.sort(
        Comparator.comparingLong(TensorInfo::offsetBytes)
            .thenComparingLong(TensorInfo::sizeBytes)
            .thenComparing(TensorInfo::name));
    checkContiguous(tensors);
    return tensors;
  }

  private TensorInfo tensor(String name, HeaderEntry entry) {
    StoredType type = type(name, entry.type());
    List<Long> shape = numbers(name, "shape", entry.shape());
    List<Long> offsets = numbers(name, "data_offsets", entry.dataOffsets());
    if (offsets.size() != 2) {
      throw new Defect.NotTwoOffsets(name, offsets.size()).in(file);
    }
    long begin = offsets.getFirst();
    long end = offsets.getLast();
    if (end < begin) {
      throw new Defect.EndBeforeBegin(name, begin, end).in(file);
    }
    if (end > dataBytes) {
      throw new Defect.BeyondFile(name, end, dataBytes).in(file);
    }
    long neededBytes = sizeBytes(name, type, shape);
    if (end - begin != neededBytes) {
      throw new Defect.SizeMismatch(name, end - begin, neededBytes).in(file);
    }
    return new TensorInfo(name, type, shape, dataOffsetBytes + begin, neededBytes);
  }

  private StoredType type(String name, String type) {
    if (type == null) {
      throw new Defect.MissingField(name, "dtype").in(file);
    }
    return StoredType.parse(type).orElseThrow(() -> new Defect.UnknownType(name, type).in(file));
  }

  private List<Long> numbers(String name, String field, List<Long> numbers) {
    if (numbers == null) {
      throw new Defect.MissingField(name, field).in(file);
    }
    if (numbers.size() > MAX_AXES) {
      throw new Defect.TooManyAxes(name, numbers.size(), MAX_AXES).in(file);
    }
    for (Long number : numbers) {
      if (number == null) {
        throw new Defect.WrongType(name, field + " holds a null").in(file);
      }
      if (number < 0) {
        throw new Defect.Negative(name, field, number).in(file);
      }
    }
    return numbers;
  }

  private long sizeBytes(String name, StoredType type, List<Long> shape) {
    long bits = type.sizeBits();
    try {
      for (long size : shape) {
        bits = Math.multiplyExact(bits, size);
      }
    } catch (ArithmeticException overflow) {
      throw new Defect.SizeOverflow(name, shape).in(file, overflow);
    }
    if (bits % Byte.SIZE != 0) {
      throw new Defect.PartialByte(name, bits).in(file);
    }
    return bits / Byte.SIZE;
  }

  private void checkContiguous(List<TensorInfo> tensors) {
    long previousEnd = 0;
    for (TensorInfo tensor : tensors) {
      long begin = tensor.offsetBytes() - dataOffsetBytes;
      if (begin < previousEnd) {
        throw new Defect.Overlap(tensor.name(), begin, previousEnd).in(file);
      }
      if (begin > previousEnd) {
        throw new Defect.Hole(tensor.name(), begin, previousEnd).in(file);
      }
      previousEnd = begin + tensor.sizeBytes();
    }
    if (previousEnd != dataBytes) {
      throw new Defect.TrailingBytes(previousEnd, dataBytes).in(file);
    }
  }
}
