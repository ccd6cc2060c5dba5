package org.rolescope.export.safetensors;

import java.nio.file.Path;
import java.util.List;
import org.rolescope.export.file.Wording;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * What can be wrong with a safetensors file; one case per defect, each with the values in doubt.
 */
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
        "%s is not a valid safetensors file: %s; download the checkpoint again"
            .formatted(file, Wording.oneLine(describe())),
        cause);
  }

  /** The file cannot even hold the length of its header. */
  record TooShort(long fileBytes) implements Defect {
    @Override
    public String describe() {
      return "it has %d bytes, at least 8 are needed".formatted(fileBytes);
    }
  }

  /** The header claims more than the format allows; negative lengths are huge ones, unsigned. */
  record HeaderTooLarge(long headerBytes, long maxBytes) implements Defect {
    @Override
    public String describe() {
      return "its header claims %s bytes, at most %d are allowed"
          .formatted(Long.toUnsignedString(headerBytes), maxBytes);
    }
  }

  /** The header claims to end behind the file. */
  record HeaderBeyondFile(long headerBytes, long fileBytes) implements Defect {
    @Override
    public String describe() {
      return "its header claims %d bytes but the file has only %d"
          .formatted(headerBytes, fileBytes);
    }
  }

  /** The first character is not a brace. */
  record NotAnObject(String found) implements Defect {
    @Override
    public String describe() {
      return "its header must begin with { but begins with %s".formatted(found);
    }
  }

  /** Bytes that are no UTF-8. */
  record NotUtf8() implements Defect {
    @Override
    public String describe() {
      return "its header is not UTF-8 text";
    }
  }

  /** Text that is no JSON, that names something twice, or that exceeds the limits on JSON. */
  record NotJson(String reason) implements Defect {
    @Override
    public String describe() {
      return "its header is not valid JSON (%s)".formatted(reason);
    }
  }

  /** More tensors than any model has. */
  record TooManyTensors(int maxTensors) implements Defect {
    @Override
    public String describe() {
      return "its header lists more than %d tensors".formatted(maxTensors);
    }
  }

  /** A metadata value that is no text. */
  record MetadataNotText(String key) implements Defect {
    @Override
    public String describe() {
      return "the value of %s in __metadata__ is not text".formatted(key);
    }
  }

  /** A value of a kind that does not belong there. */
  record WrongType(String tensor, String reason) implements Defect {
    @Override
    public String describe() {
      return "the entry of tensor %s is wrong (%s)".formatted(tensor, reason);
    }
  }

  /** A part of an entry that is not there. */
  record MissingField(String tensor, String field) implements Defect {
    @Override
    public String describe() {
      return "the entry of tensor %s has no %s".formatted(tensor, field);
    }
  }

  /** An element type the format does not have, so that its size is unknown. */
  record UnknownType(String tensor, String type) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has the unknown element type %s".formatted(tensor, type);
    }
  }

  /** Offsets that are not one begin and one end. */
  record NotTwoOffsets(String tensor, int found) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has %d data_offsets, 2 are needed".formatted(tensor, found);
    }
  }

  /** A number below zero. */
  record Negative(String tensor, String field, long found) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has the negative number %d in %s".formatted(tensor, found, field);
    }
  }

  /** More axes than any tensor has. */
  record TooManyAxes(String tensor, int found, int max) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has %d axes, at most %d are allowed".formatted(tensor, found, max);
    }
  }

  /** An end before its begin. */
  record EndBeforeBegin(String tensor, long begin, long end) implements Defect {
    @Override
    public String describe() {
      return "tensor %s begins at data byte %d but ends at %d".formatted(tensor, begin, end);
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

  /** A shape whose size in bits is no 63-bit number. */
  record SizeOverflow(String tensor, List<Long> shape) implements Defect {
    @Override
    public String describe() {
      return "the size of tensor %s with shape %s overflows".formatted(tensor, shape);
    }
  }

  /** A tensor of a sub-byte type that does not fill its last byte. */
  record PartialByte(String tensor, long sizeBits) implements Defect {
    @Override
    public String describe() {
      return "tensor %s has %d bits, which is no whole number of bytes".formatted(tensor, sizeBits);
    }
  }

  /** Offsets that do not span what shape and type need. */
  record SizeMismatch(String tensor, long spanBytes, long neededBytes) implements Defect {
    @Override
    public String describe() {
      return "tensor %s spans %d bytes but its shape and type need %d"
          .formatted(tensor, spanBytes, neededBytes);
    }
  }

  /** Two tensors that share bytes. */
  record Overlap(String tensor, long begin, long previousEnd) implements Defect {
    @Override
    public String describe() {
      return "tensor %s begins at data byte %d, inside another tensor that ends at %d"
          .formatted(tensor, begin, previousEnd);
    }
  }

  /** Bytes between two tensors that belong to none. */
  record Hole(String tensor, long begin, long previousEnd) implements Defect {
    @Override
    public String describe() {
      return "tensor %s begins at data byte %d but the one before ends at %d"
          .formatted(tensor, begin, previousEnd);
    }
  }

  /** Bytes behind the last tensor. */
  record TrailingBytes(long lastEnd, long dataBytes) implements Defect {
    @Override
    public String describe() {
      return "its tensors end at data byte %d but the file holds %d".formatted(lastEnd, dataBytes);
    }
  }

  /** A weight that is NaN or infinite. */
  record NotFinite(String tensor, long begin) implements Defect {
    @Override
    public String describe() {
      return "the number at byte %d of tensor %s is NaN or infinite".formatted(begin, tensor);
    }
  }
}
