package org.rolescope.cli.services;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rolescope.rpc.Address;
import org.rolescope.rpc.Faults;

/**
 * A command's connection to a service: to a remote one where an address is given, otherwise to
 * services started in this JVM for as long as the connection lives.
 */
public final class Connection implements AutoCloseable {
  private final EmbeddedServices embedded;
  private final Address address;
  private final ManagedChannel channel;

  private Connection(EmbeddedServices embedded, Address address) {
    this.embedded = embedded;
    this.address = address;
    this.channel = address.open();
  }

  /**
   * Opens a connection.
   *
   * @param remote address of the service, or null for embedded services
   * @param data folder of models and runs for embedded services
   */
  public static Connection open(String remote, Path data) {
    return open(remote, data, Map.of());
  }

  /**
   * Opens a connection.
   *
   * @param remote address of the service, or null for embedded services
   * @param data folder of models and runs for embedded services
   * @param settings further settings of embedded services
   * @throws org.rolescope.fault.RolescopeException where embedded services cannot start so
   */
  public static Connection open(String remote, Path data, Map<String, Object> settings) {
    if (remote != null) {
      return new Connection(null, new Address(remote));
    }
    EmbeddedServices services = EmbeddedServices.start(data, settings);
    return new Connection(services, services.address());
  }

  /**
   * Opens a connection to a metrics service that is asked about numbers only, not about models.
   *
   * @param remote address of the service, or null for one in this JVM
   */
  public static Connection openMetrics(String remote) {
    if (remote != null) {
      return new Connection(null, new Address(remote));
    }
    EmbeddedServices services = EmbeddedServices.startMetrics();
    return new Connection(services, services.address());
  }

  /** The channel. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Where it leads, for sentences. */
  public Address address() {
    return address;
  }

  /**
   * Makes a call, turning its failure into a fault with a sentence.
   *
   * @param service name of the service in that sentence
   * @param call the call
   */
  public <T> T call(String service, Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException failed) {
      throw Faults.fromStatus(failed.getStatus(), service, address);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (embedded != null) {
      embedded.close();
    }
  }
}
