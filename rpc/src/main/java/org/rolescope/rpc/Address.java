package org.rolescope.rpc;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.UUID;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Where a service is: {@code host:port} over TCP, or {@code in-process:name} in this JVM. One
 * process or many is this string and nothing else.
 *
 * @param text the address as configured
 */
public record Address(String text) {
  private static final String IN_PROCESS = "in-process:";

  /**
   * Checks the spelling.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it is neither form
   */
  public Address {
    if (!text.startsWith(IN_PROCESS)) {
      parse(text);
    }
  }

  /** The address of an in-process server. */
  public static Address inProcess(String name) {
    return new Address(IN_PROCESS + name);
  }

  /** An in-process address no other server of this JVM has. */
  public static Address uniqueInProcess() {
    return inProcess(UUID.randomUUID().toString());
  }

  /** Name of the in-process server, for whoever starts it. */
  public String inProcessName() {
    if (!text.startsWith(IN_PROCESS)) {
      throw new IllegalStateException(text + " is not in process");
    }
    return text.substring(IN_PROCESS.length());
  }

  /** Opens a channel; the caller shuts it down. Connects on first use, not here. */
  public ManagedChannel open() {
    if (text.startsWith(IN_PROCESS)) {
      return InProcessChannelBuilder.forName(inProcessName()).build();
    }
    URI uri = parse(text);
    return NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort())
        .usePlaintext()
        .intercept(new SharedArrayParsing())
        .build();
  }

  @Override
  public String toString() {
    return text;
  }

  private static URI parse(String text) {
    try {
      URI uri = new URI("grpc://" + text).parseServerAuthority();
      if (uri.getHost() != null
          && uri.getPort() > 0
          && uri.getPort() < 65536
          && uri.getAuthority().equals(text)
          && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException invalid) {
      // Answered below: to the user both are the same mistake.
    }
    throw new RolescopeException(
        FaultCode.INVALID_ARGUMENT,
        "%s is no service address; write it as host:port, for example 127.0.0.1:50051"
            .formatted(text.isEmpty() ? "The empty string" : text));
  }
}
