package org.rolescope.orchestrator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of the dashboard, from the class path: what lies in the folder {@code dashboard} of its
 * jar, and ECharts under {@code vendor/}. Nothing else can be asked for. Thread-safe.
 */
public final class DashboardFiles {
  private static final String INDEX = "index.html";
  private static final String ECHARTS = "vendor/echarts.esm.min.mjs";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  /** Scripts within our own page: its import map, which no browser takes from a file. */
  private static final Pattern INLINE =
      Pattern.compile("<script(?![^>]*\\ssrc=)[^>]*>(.*?)</script>", Pattern.DOTALL);

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "ttf", "font/ttf");

  private final Map<String, Optional<Body>> files = new ConcurrentHashMap<>();
  private final String policy;

  /** Reads the page. */
  public DashboardFiles() {
    policy = policy(file(INDEX).map(Body::bytes).orElse(new byte[0]));
  }

  /**
   * A file, or nothing where there is none of that name.
   *
   * @param path relative to the root, with forward slashes; empty: the page
   */
  Optional<Body> file(String path) {
    String name = path.isEmpty() ? INDEX : path;
    // Names are checked before they are kept, or whoever asks for many would fill the memory.
    return type(name).isPresent() && resource(name).isPresent()
        ? files.computeIfAbsent(name, DashboardFiles::read)
        : Optional.empty();
  }

  /** What the page may do: show and fetch what this server has, and nothing else. */
  String policy() {
    return policy;
  }

  private static Optional<Body> read(String name) {
    return resource(name)
        .map(
            url -> {
              try (InputStream in = url.openStream()) {
                return Body.of(type(name).orElseThrow(), in.readAllBytes());
              } catch (IOException failed) {
                throw new UncheckedIOException("resource " + url, failed);
              }
            });
  }

  private static Optional<String> type(String name) {
    return Optional.ofNullable(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
  }

  private static Optional<URL> resource(String name) {
    boolean plain = Arrays.stream(name.split("/", -1)).allMatch(NAME.asMatchPredicate());
    if (!plain) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        DashboardFiles.class.getResource(
            name.equals(ECHARTS)
                ? "/META-INF/resources/_static/echarts/%s/dist/echarts.esm.min.mjs"
                    .formatted(echartsVersion())
                : "/dashboard/" + name));
  }

  private static String echartsVersion() {
    String resource = "/org/rolescope/orchestrator/version.properties";
    try (InputStream in = DashboardFiles.class.getResourceAsStream(resource)) {
      Properties versions = new Properties();
      versions.load(in);
      return versions.getProperty("echarts");
    } catch (IOException impossible) {
      throw new UncheckedIOException("resource " + resource, impossible);
    }
  }

  private static String policy(byte[] page) {
    String hashes =
        INLINE
            .matcher(new String(page, StandardCharsets.UTF_8))
            .results()
            .map(DashboardFiles::hash)
            .collect(Collectors.joining());
    return "default-src 'none'; script-src 'self'"
        + hashes
        + "; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self';"
        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  private static String hash(MatchResult script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(script.group(1).getBytes(StandardCharsets.UTF_8));
      return " 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
