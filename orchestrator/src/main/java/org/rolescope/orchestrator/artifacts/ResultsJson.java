package org.rolescope.orchestrator.artifacts;

import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.RunResults;

/**
 * {@code results.json}: everything a run or other work found, as the JSON form of a message such as
 * {@code rolescope.v1.RunResults}, with field names as in the contract and no field left out.
 */
public final class ResultsJson {
  private ResultsJson() {}

  /** Writes results, of a run or of anything else, as JSON. */
  public static void write(OutputStream out, MessageOrBuilder results) throws IOException {
    JsonFormat.Printer printer =
        JsonFormat.printer().preservingProtoFieldNames().alwaysPrintFieldsWithNoPresence();
    out.write((printer.print(results) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws RolescopeException DATA_LOSS where the file is damaged
   */
  public static RunResults read(Path file) {
    return read(file, RunResults.newBuilder()).build();
  }

  /**
   * Reads what {@link #write} wrote of another message.
   *
   * @param results an empty one, which is filled
   * @return the same, filled
   * @throws RolescopeException DATA_LOSS where the file is damaged
   */
  public static <B extends Message.Builder> B read(Path file, B results) {
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(file), results);
      return results;
    } catch (IOException damaged) {
      throw new RolescopeException(
          FaultCode.DATA_LOSS,
          "Results %s are damaged; start the run afresh to measure again".formatted(file),
          damaged);
    }
  }
}
