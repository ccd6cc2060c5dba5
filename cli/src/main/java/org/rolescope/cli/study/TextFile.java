package org.rolescope.cli.study;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Reads small text files, and says in a sentence why one cannot be read. */
final class TextFile {
  /** Larger than the table or the results of any model. */
  private static final long MAX_BYTES = 16L << 20;

  private TextFile() {}

  /**
   * The text of a file, without a byte order mark.
   *
   * @throws RolescopeException NOT_FOUND where there is none, INVALID_ARGUMENT where it is too
   *     large, no UTF-8 or cannot be read
   */
  static String read(Path file) {
    try {
      long sizeBytes = Files.size(file);
      if (sizeBytes > MAX_BYTES) {
        throw malformed(
            file, "has %d bytes, more than the %d allowed".formatted(sizeBytes, MAX_BYTES));
      }
      String text = Files.readString(file);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException missing) {
      throw new RolescopeException(
          FaultCode.NOT_FOUND, "There is no file %s; check the path".formatted(file), missing);
    } catch (CharacterCodingException notUtf8) {
      throw malformed(file, "is no UTF-8 text");
    } catch (IOException unreadable) {
      throw malformed(file, "cannot be read (%s)".formatted(unreadable.getClass().getSimpleName()));
    }
  }

  /** The fault of a file that is there but of no use. */
  static RolescopeException malformed(Path file, String what) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT, "File %s %s; correct it there".formatted(file, what));
  }
}
