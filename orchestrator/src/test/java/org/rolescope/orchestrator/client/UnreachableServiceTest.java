package org.rolescope.orchestrator.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.plan.PromptOptions;
import org.rolescope.rpc.Address;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.Model;
import org.rolescope.v1.RoleOptions;

@Timeout(60)
final class UnreachableServiceTest {
  private Address address;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new Address("127.0.0.1:" + free.getLocalPort());
    }
    channel = address.open();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
  }

  @Test
  void theInferenceServiceIsNamedWithItsAddress() {
    assertUnreachable("inference service", () -> new InferenceClient(channel, address).model("m"));
  }

  @Test
  void theMetricsServiceIsNamedWithItsAddress() {
    MetricsClient metrics = new MetricsClient(channel, address);
    Model model = Model.newBuilder().setName("m").setLayerCount(1).build();
    PromptRun run = new PromptRun(model, List.of("x"), PromptOptions.DEFAULT, 0, 0);
    assertUnreachable("metrics service", () -> metrics.tokenize(run));
    assertUnreachable(
        "metrics service",
        () ->
            metrics.summarizeRoles(
                RoleOptions.getDefaultInstance(),
                List.of(LayerEntropies.getDefaultInstance()).iterator()));
  }

  private void assertUnreachable(String service, Executable action) {
    RolescopeException fault = assertThrows(RolescopeException.class, action);
    assertEquals(FaultCode.UNAVAILABLE, fault.code());
    assertTrue(
        fault.getMessage().startsWith("The " + service + " at " + address + " cannot be reached"),
        fault.getMessage());
  }
}
