package org.rolescope.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

final class AddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:50051", "localhost:1", "[::1]:50051", "in-process:x"})
  void bothFormsAreTaken(String text) {
    assertThat(new Address(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "localhost:",
        "localhost:0",
        "localhost:70000",
        ":50051",
        "http://localhost:1",
        "user@host:1",
        "host:1/path",
        "a b:1"
      })
  void anythingElseIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> new Address(text))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining("host:port");
  }

  @Test
  void inProcessAddressesAreTold() {
    assertThat(Address.inProcess("x").inProcessName()).isEqualTo("x");
    assertThat(Address.uniqueInProcess()).isNotEqualTo(Address.uniqueInProcess());
    assertThatThrownBy(() -> new Address("localhost:1").inProcessName())
        .isInstanceOf(IllegalStateException.class);
  }
}
