package org.rolescope.orchestrator.runstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class AtomicFilesTest {
  @TempDir private Path folder;

  @Test
  void replacesAFileAsAWhole() throws IOException {
    Path file = folder.resolve("a/b/c.txt");
    AtomicFiles.write(file, out -> out.write('1'));
    AtomicFiles.write(
        file,
        out -> {
          out.write('2');
          out.close();
        });
    assertEquals("2", Files.readString(file));
    assertEquals(1, files(file.getParent()));
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("c.txt");
    AtomicFiles.write(file, out -> out.write('1'));
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFiles.write(
                file,
                out -> {
                  out.write('2');
                  throw new IllegalStateException("in the middle");
                }));
    assertEquals("1", Files.readString(file));
    assertEquals(1, files(folder));
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("taken"), "a file");
    RolescopeException fault =
        assertThrows(
            RolescopeException.class,
            () -> AtomicFiles.write(notAFolder.resolve("c.txt"), out -> out.write('1')));
    assertEquals(FaultCode.RESOURCE_EXHAUSTED, fault.code());
    assertTrue(fault.getMessage().startsWith("Cannot write " + notAFolder), fault.getMessage());
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
