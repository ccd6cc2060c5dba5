package org.rolescope.orchestrator.runstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.rolescope.v1.ComputeType;
import org.rolescope.v1.Device;
import org.rolescope.v1.Model;

final class RuntimeNamesTest {
  @Test
  void theProcessorInSinglePrecisionIsWhatIsMeantWhereNothingIsSaid() {
    Model silent = Model.newBuilder().setDigest("d").build();
    Model explicit =
        silent.toBuilder()
            .setDevice(Device.DEVICE_CPU)
            .setComputeType(ComputeType.COMPUTE_TYPE_FLOAT32)
            .build();
    assertEquals("d", RuntimeNames.identity(silent));
    assertEquals("d", RuntimeNames.identity(explicit));
  }

  @Test
  void anotherDeviceMakesAnotherRun() {
    Model.Builder model = Model.newBuilder().setDigest("d").setDevice(Device.DEVICE_CUDA);
    assertEquals("d cuda float32", RuntimeNames.identity(model.build()));
    model.setComputeType(ComputeType.COMPUTE_TYPE_FLOAT16);
    assertEquals("d cuda float16", RuntimeNames.identity(model.build()));
    assertEquals(
        "d coreml float32",
        RuntimeNames.identity(
            Model.newBuilder().setDigest("d").setDevice(Device.DEVICE_COREML).build()));
  }
}
