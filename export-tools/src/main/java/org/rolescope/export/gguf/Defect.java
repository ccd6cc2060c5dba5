package org.rolescope.export.gguf;

import java.nio.file.Path;
import java.util.List;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** What can be wrong with a GGUF file; one case per defect, each with the values in doubt. */
sealed interface Defect {
  /** The defect in words, without the name of the file. */
  String describe();

  /** The defect as a fault of this file. */
  default RolescopeException in(Path file) {
    return in(file, null);
  }

  /** The defect as a fault of this file, with the exception that revealed it. */
  default RolescopeException in(Path file, Throwable cause) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "%s is not a valid GGUF file: %s; download it again"
            .formatted(file, Wording.oneLine(describe())),
        cause);
  }

  /** The fault of a file that is valid but holds what Rolescope cannot read. */
  static RolescopeException unsupported(Path file, String reason, String remedy) {
    return new RolescopeException(
        FaultCode.MALFORMED_MODEL,
        "%s %s, which cannot be read; %s".formatted(file, Wording.oneLine(reason), remedy));
  }

  /** Another format. */
  record WrongMagic(String found) implements Defect {
    @Override
    public String describe() {
      return "it must begin with GGUF but begins with bytes %s".formatted(found);
    }
  }

  /** Something that reaches behind the file. */
  record Truncated(String what, long position, long neededBytes, long fileBytes) implements Defect {
    @Override
    public String describe() {
      return "%s at byte %d needs %s bytes but the file has only %d"
          .formatted(what, position, Long.toUnsignedString(neededBytes), fileBytes);
    }
  }

  /** More of something than any model has; negative counts are huge ones, unsigned. */
  record TooMany(String what, long found, long max) implements Defect {
    @Override
    public String describe() {
      return "it claims %s %s, at most %d are allowed"
          .formatted(Long.toUnsignedString(found), what, max);
    }
  }

  /** Bytes that are no UTF-8. */
  record NotUtf8(String what, long position) implements Defect {
    @Override
    public String describe() {
      return "%s at byte %d is not UTF-8 text".formatted(what, position);
    }
  }

  /** A key or a tensor that is there twice. */
  record Duplicate(String what, String name) implements Defect {
    @Override
    public String describe() {
      return "%s %s is there twice".formatted(what, name);
    }
  }

  /** A kind of metadata value the format does not have. */
  record UnknownKind(String key, long kind) implements Defect {
    @Override
    public String describe() {
      return "the value of %s is of the unknown kind %d".formatted(key, kind);
    }
  }

  /** A truth value that is neither. */
  record NotABoolean(String key, int found) implements Defect {
    @Override
    public String describe() {
      return "the truth value of %s is %d, not 0 or 1".formatted(key, found);
    }
  }

  /** A metadata value that must be there. */
  record Missing(String key) implements Defect {
    @Override
    public String describe() {
      return "it has no %s".formatted(key);
    }
  }

  /** A metadata value of another kind than the key calls for, or out of its bounds. */
  record WrongValue(String key, String found, String needed) implements Defect {
    @Override
    public String describe() {
      return "%s is %s where %s is needed".formatted(key, found, needed);
    }
  }

  /** An alignment that is no power of two. */
  record BadAlignment(long alignment, long max) implements Defect {
    @Override
    public String describe() {
      return "its alignment is %d, not a power of two up to %d".formatted(alignment, max);
    }
  }

  /** More axes than the format allows, or none. */
  record BadAxisCount(String tensor, long found, int max) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has %d axes, 1 to %d are allowed".formatted(tensor, found, max);
    }
  }

  /** A size of zero, or one that is no 63-bit number. */
  record BadSize(String tensor, long found) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has an axis of size %s".formatted(tensor, Long.toUnsignedString(found));
    }
  }

  /** A shape whose size in bytes is no 63-bit number. */
  record SizeOverflow(String tensor, List<Long> shape) implements Defect {
    @Override
    public String describe() {
      return "the size of tensor %s with shape %s overflows".formatted(tensor, shape);
    }
  }

  /** Rows that are no whole number of blocks. */
  record PartialBlock(String tensor, GgufType type, long rowLength) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has rows of %d numbers, which are no whole blocks of %d as %s needs them"
          .formatted(tensor, rowLength, type.blockLength(), type);
    }
  }

  /** An offset between two multiples of the alignment. */
  record Misaligned(String tensor, long offset, long alignment) implements Defect {
    @Override
    public String describe() {
      return "tensor %s begins at data byte %s, which is no multiple of the alignment %d"
          .formatted(tensor, Long.toUnsignedString(offset), alignment);
    }
  }

  /** A tensor that does not begin where the one before ends. */
  record NotContiguous(String tensor, long offset, long expected) implements Defect {
    @Override
    public String describe() {
      return "tensor %s begins at data byte %s where %d is next"
          .formatted(tensor, Long.toUnsignedString(offset), expected);
    }
  }

  /** A tensor that reaches behind the file. */
  record BeyondFile(String tensor, long end, long dataBytes) implements Defect {
    @Override
    public String describe() {
      return "tensor %s ends at data byte %d but the file holds only %d"
          .formatted(tensor, end, dataBytes);
    }
  }

  /** Bytes behind the last tensor and its padding. */
  record TrailingBytes(long lastEnd, long dataBytes) implements Defect {
    @Override
    public String describe() {
      return "its tensors end at data byte %d but the file holds %d".formatted(lastEnd, dataBytes);
    }
  }

  /** Metadata or tensors that contradict each other. */
  record Contradiction(String reason) implements Defect {
    @Override
    public String describe() {
      return reason;
    }
  }
}
