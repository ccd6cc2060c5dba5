package org.rolescope.export.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rolescope.export.ExportRequest;
import org.rolescope.export.Exporter;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/** Exports that must fail. */
public final class BadExport {
  private BadExport() {}

  /** Spoils a good snapshot. */
  @FunctionalInterface
  public interface Damage {
    /** Spoils it. */
    void spoil(SnapshotCopy snapshot) throws IOException;
  }

  /**
   * Exports and expects a fault in one sentence, naming the snapshot, that leaves nothing behind.
   *
   * @param folder folder for bundles
   * @param expected parts of the message
   */
  public static void assertFault(Path folder, Path snapshot, FaultCode code, String... expected) {
    Path models = folder.resolve("models");
    ExportRequest request = ExportRequest.of(snapshot, models.resolve("model"));
    RolescopeException fault =
        assertThrows(RolescopeException.class, () -> new Exporter().export(request));
    String message = fault.getMessage();
    assertEquals(code, fault.code(), message);
    for (String part : expected) {
      assertTrue(message.contains(part), message);
    }
    assertTrue(message.contains(snapshot.getFileName().toString()), message);
    assertFalse(message.contains("\n"), message);
    assertFalse(Files.exists(models), "something was left in " + models);
  }
}
