package org.rolescope.orchestrator.oip;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Elements of a {@code BYTES} tensor, each behind its length in 4 bytes, little-endian. */
final class RawElements {
  private RawElements() {}

  /**
   * Reads the elements.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the bytes end within an
   *     element or its length
   */
  static List<ByteString> read(ByteString raw) {
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<ByteString> elements = new ArrayList<>();
    while (bytes.hasRemaining()) {
      long length = bytes.remaining() < Integer.BYTES ? -1 : readLength(bytes);
      Invalid.unless(
          length >= 0 && length <= bytes.remaining(),
          "raw_input_contents of text end within element %d, at byte %d; put each prompt behind its length, 4 bytes little-endian",
          elements.size(),
          bytes.limit());
      int start = bytes.position();
      bytes.position(start + (int) length);
      elements.add(raw.substring(start, bytes.position()));
    }
    return elements;
  }

  private static long readLength(ByteBuffer bytes) {
    return Integer.toUnsignedLong(bytes.getInt());
  }
}
