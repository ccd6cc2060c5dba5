package org.rolescope.inference.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.tensors.bundle.BundleManifest;

final class ModelCatalogTest {
  @TempDir Path models;

  @Test
  void aFolderThatIsNotThereHoldsNoModels() {
    assertThat(new ModelCatalog(models.resolve("none")).models()).isEmpty();
    assertFault("any", FaultCode.NOT_FOUND, "export one with `rolescope export`");
  }

  @Test
  void anUnknownModelIsAnsweredWithTheKnownOnes() throws IOException {
    damagedBundle("b");
    damagedBundle("a");
    assertFault("c", FaultCode.NOT_FOUND, "there are a, b");
  }

  @Test
  void aDamagedBundleIsNotListedAndRefused() throws IOException {
    damagedBundle("a");
    assertThat(new ModelCatalog(models).models()).isEmpty();
    assertFault("a", FaultCode.MALFORMED_MODEL, "export the model again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".", "../x", "/etc", "a/b", "a\\b", "a b", ".hidden", "-x"})
  void aNameCannotLeadOutOfTheFolder(String name) {
    assertFault(name, FaultCode.INVALID_ARGUMENT, "is no model name");
  }

  private void damagedBundle(String name) throws IOException {
    Path bundle = Files.createDirectory(models.resolve(name));
    Files.writeString(bundle.resolve(BundleManifest.FILE_NAME), "{}");
  }

  private void assertFault(String name, FaultCode code, String sentence) {
    assertThatThrownBy(() -> new ModelCatalog(models).model(name))
        .isInstanceOfSatisfying(
            RolescopeException.class, fault -> assertThat(fault.code()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }
}
