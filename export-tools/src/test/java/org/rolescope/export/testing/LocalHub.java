package org.rolescope.export.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub on this machine that serves one model and speaks the API of Hugging Face: the list of
 * files, files by commit, large ones by a redirect to a second host, ranges. What it does wrong is
 * said beforehand, request by request.
 */
public final class LocalHub implements AutoCloseable {
  /** What the list of files is called in scripts and among the requests. */
  public static final String LISTING = "";

  /** The commit it serves. */
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String id;
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, Deque<HubReply>> scripts = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private final HttpServer hub;
  private final HttpServer storage;
  private volatile byte[] listing;

  /**
   * A request that was made.
   *
   * @param file name of the file; {@link #LISTING} for the list of files
   * @param stored whether it went to the second host
   * @param authorization what proves who asks; null where nothing does
   * @param range the bytes asked for; null for all
   */
  public record Request(String file, boolean stored, String authorization, String range) {}

  private LocalHub(String id) throws IOException {
    this.id = id;
    hub = server(this::answer);
    storage = server(exchange -> answerFile(exchange, true));
  }

  /** Starts a hub that serves the files of a folder as a model. */
  public static LocalHub serving(String id, Path folder) throws IOException {
    LocalHub started = new LocalHub(id);
    for (Map.Entry<String, Path> file : FileTree.files(folder).entrySet()) {
      started.put(file.getKey(), Files.readAllBytes(file.getValue()));
    }
    return started;
  }

  /**
   * Serves a folder until the process is ended, for clients that are no tests: prints its address.
   *
   * @param arguments id of the model and the folder
   */
  public static void main(String[] arguments) throws IOException {
    // The servers' own threads keep the process alive.
    System.out.println(serving(arguments[0], Path.of(arguments[1])).endpoint());
  }

  private HttpServer server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  /** Adds a file, or replaces one. */
  public LocalHub put(String name, byte[] content) {
    files.put(name, content.clone());
    return this;
  }

  /** Removes a file. */
  public LocalHub remove(String name) {
    files.remove(name);
    return this;
  }

  /** Answers with this in place of the list of files. */
  public LocalHub list(String json) {
    listing = json.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  /** The list of files as JSON, to be altered. */
  public ObjectNode listing() {
    ObjectNode model = JSON.createObjectNode().put("id", id).put("sha", COMMIT);
    ArrayNode siblings = model.putArray("siblings");
    files.forEach(
        (name, content) -> {
          ObjectNode file = siblings.addObject().put("rfilename", name);
          file.put("size", content.length).put("blobId", gitChecksum(content));
          if (isLarge(name)) {
            file.putObject("lfs")
                .put("sha256", sha256(content))
                .put("size", content.length)
                .put("pointerSize", 134);
          }
        });
    return model;
  }

  /** The next requests for the bytes of a file, or for the list, get these replies. */
  public LocalHub script(String file, HubReply... replies) {
    scripts.computeIfAbsent(file, name -> new ArrayDeque<>()).addAll(List.of(replies));
    return this;
  }

  /** All requests so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The requests for the bytes of a file, redirects apart. */
  public List<Request> requestsFor(String file) {
    return requests.stream()
        .filter(request -> request.file().equals(file))
        .filter(request -> request.stored() == isLarge(file))
        .toList();
  }

  /** What the blob of a file is called. */
  public String checksum(String file) {
    byte[] content = files.get(file);
    return isLarge(file) ? sha256(content) : gitChecksum(content);
  }

  private static boolean isLarge(String file) {
    return file.endsWith(".safetensors");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith("/api/models/" + id + "/revision/")) {
      note(exchange, LISTING, false);
      byte[] answer = listing == null ? JSON.writeValueAsBytes(listing()) : listing;
      reply(exchange, LISTING, answer);
    } else if (path.startsWith("/" + id + "/resolve/")) {
      answerFile(exchange, false);
    } else {
      note(exchange, path, false);
      HubReply.status(404, "X-Error-Code", "RepoNotFound").send(exchange, new byte[0]);
    }
  }

  private void answerFile(HttpExchange exchange, boolean stored) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    note(exchange, name, stored);
    byte[] content = files.get(name);
    if (content == null) {
      HubReply.status(404, "X-Error-Code", "EntryNotFound").send(exchange, new byte[0]);
    } else if (isLarge(name) && !stored) {
      exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + checksum(name) + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
      String location = "http://localhost:%d/%s".formatted(storage.getAddress().getPort(), name);
      HubReply.status(302, "Location", location).send(exchange, new byte[0]);
    } else {
      exchange.getResponseHeaders().set("ETag", '"' + checksum(name) + '"');
      exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
      reply(exchange, name, content);
    }
  }

  private void note(HttpExchange exchange, String file, boolean stored) {
    requests.add(
        new Request(
            file,
            stored,
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Range")));
  }

  private void reply(HttpExchange exchange, String file, byte[] content) throws IOException {
    Deque<HubReply> script = scripts.getOrDefault(file, new ArrayDeque<>());
    HubReply next;
    synchronized (script) {
      next = script.poll();
    }
    try {
      (next == null ? HubReply.RIGHT : next).send(exchange, content);
    } finally {
      exchange.close();
    }
  }

  /** What {@code git hash-object} gives. */
  private static String gitChecksum(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, whole, head.length, content.length);
    return digest("SHA-1", whole);
  }

  private static String sha256(byte[] content) {
    return digest("SHA-256", content);
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
