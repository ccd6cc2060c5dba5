package org.rolescope.bench.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A loopback socket without anything on it: one thread writes, one reads into one buffer. */
final class RawSocket {
  private static final int BUFFER_BYTES = 1 << 20;

  private RawSocket() {}

  /** Moves this many bytes from one thread to another. */
  static void move(long sizeBytes) {
    try (ServerSocketChannel server = ServerSocketChannel.open();
        var threads = Executors.newSingleThreadExecutor()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(() -> write(server, sizeBytes), threads);
      long read = read(server);
      writer.join();
      if (read != sizeBytes) {
        throw new IllegalStateException(read + " bytes came of " + sizeBytes);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void write(ServerSocketChannel server, long sizeBytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try (SocketChannel socket = server.accept()) {
      long left = sizeBytes;
      while (left > 0) {
        buffer.clear().limit((int) Math.min(left, BUFFER_BYTES));
        while (buffer.hasRemaining()) {
          left -= socket.write(buffer);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static long read(ServerSocketChannel server) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    long bytes = 0;
    try (SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
      for (int count = 0; count >= 0; count = socket.read(buffer.clear())) {
        bytes += count;
      }
    }
    return bytes;
  }
}
