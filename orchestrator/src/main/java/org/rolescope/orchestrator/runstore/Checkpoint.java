package org.rolescope.orchestrator.runstore;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Messages kept between steps, in protobuf's binary form: exact to the last bit, and small. Not
 * meant for people; what they want to read is written from these.
 */
public final class Checkpoint {
  private Checkpoint() {}

  /** Writes a message. */
  public static void write(Path file, MessageLite message) {
    AtomicFiles.write(file, message::writeTo);
  }

  /**
   * Reads a message.
   *
   * @throws RolescopeException DATA_LOSS where the file is missing or damaged
   */
  public static <M extends MessageLite> M read(Path file, Parser<M> parser) {
    try {
      return parser.parseFrom(Files.readAllBytes(file));
    } catch (InvalidProtocolBufferException damaged) {
      throw lost(file, "is damaged", damaged);
    } catch (IOException unreadable) {
      throw lost(file, "cannot be read", unreadable);
    }
  }

  private static RolescopeException lost(Path file, String what, IOException cause) {
    return new RolescopeException(
        FaultCode.DATA_LOSS,
        "Checkpoint %s %s; start the run afresh to measure again".formatted(file, what),
        cause);
  }
}
