package org.rolescope.export.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** How a {@link LocalHub} answers one request for some bytes. */
@FunctionalInterface
public interface HubReply {
  /** As it should be: the bytes from the one asked for on. */
  HubReply RIGHT =
      (exchange, content) -> {
        if (exchange.getRequestMethod().equals("HEAD")) {
          exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
          exchange.sendResponseHeaders(200, -1);
          return;
        }
        int from = from(exchange);
        int count = content.length - from;
        head(exchange, from, content.length, count);
        try (OutputStream body = exchange.getResponseBody()) {
          body.write(content, from, count);
        }
      };

  /** All the bytes, whatever was asked for. */
  HubReply WITHOUT_RANGES =
      (exchange, content) -> {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      };

  /** Answers. */
  void send(HttpExchange exchange, byte[] content) throws IOException;

  /** A status without bytes, with headers given as name and value in turn. */
  static HubReply status(int status, String... headers) {
    return (exchange, content) -> {
      for (int index = 0; index < headers.length; index += 2) {
        exchange.getResponseHeaders().set(headers[index], headers[index + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  /** Promises all and closes the connection after some bytes. */
  static HubReply broken(int bytes) {
    return (exchange, content) -> begun(exchange, content, bytes);
  }

  /** Promises all, sends some bytes, and no more until somebody opens the latch. */
  static HubReply stalled(int bytes, CountDownLatch latch) {
    return (exchange, content) -> {
      begun(exchange, content, bytes);
      try {
        latch.await();
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Sends so many bytes more, or fewer, and says so in Content-Length. */
  static HubReply longer(int bytes) {
    return (exchange, content) -> {
      byte[] other = java.util.Arrays.copyOf(content, content.length + bytes);
      RIGHT.send(exchange, other);
    };
  }

  /** Sends so many bytes more, or fewer, without saying how many. */
  static HubReply silentlyLonger(int bytes) {
    return (exchange, content) -> {
      int from = from(exchange);
      byte[] other = java.util.Arrays.copyOf(content, content.length + bytes);
      head(exchange, from, content.length, 0);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(other, from, other.length - from);
      }
    };
  }

  /** Sends one byte that is another. */
  static HubReply altered(int index) {
    return (exchange, content) -> {
      byte[] other = content.clone();
      other[index]++;
      RIGHT.send(exchange, other);
    };
  }

  /** Sends other bytes than those asked for. */
  static HubReply shifted(int bytes) {
    return (exchange, content) -> {
      int from = from(exchange) + bytes;
      head(exchange, from, content.length, content.length - from);
      exchange.getResponseBody().write(content, from, content.length - from);
    };
  }

  private static void begun(HttpExchange exchange, byte[] content, int bytes) throws IOException {
    int from = from(exchange);
    head(exchange, from, content.length, content.length - from);
    exchange.getResponseBody().write(content, from, bytes);
    exchange.getResponseBody().flush();
  }

  private static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
  }

  /** Status and headers; a count of 0 sends without a length. */
  private static void head(HttpExchange exchange, int from, int total, int count)
      throws IOException {
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, total - 1, total));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, count);
  }
}
