package org.rolescope.figures;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Draws charts by the modules that draw them in a browser. One JavaScript context lives as long as
 * the renderer, on a thread of its own; starting it takes seconds, so draw many charts with one.
 * Calls from several threads wait for each other.
 */
public final class ChartRenderer implements AutoCloseable {
  private static final Pattern ZRENDER_ID = Pattern.compile("zr\\d+-");
  private static final String SCRIPT = "/org/rolescope/figures/render.js";

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("chart-renderer").daemon().factory());
  private Engine engine;
  private Context context;
  private Value draw;

  /**
   * Draws a chart.
   *
   * @throws RolescopeException INVALID_ARGUMENT where there is no such chart module or it cannot
   *     work with the data; CANCELLED where the thread is interrupted
   */
  public Drawing draw(ChartRequest request) {
    try {
      return thread.submit(() -> drawHere(request)).get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof PolyglotException script) {
        throw new RolescopeException(
            FaultCode.INVALID_ARGUMENT,
            "The chart %s cannot be drawn from these data: %s"
                .formatted(request.chart(), script.getMessage()),
            script);
      }
      throw new IllegalStateException("drawing a chart broke", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RolescopeException(
          FaultCode.CANCELLED, "Drawing figures was interrupted", interrupted);
    }
  }

  private Drawing drawHere(ChartRequest request) {
    if (draw == null) {
      start();
    }
    Value drawn =
        draw.execute(
            module("/dashboard/src/charts/" + request.chart() + ".js"),
            request.data(),
            request.settings());
    // Ids count up over all charts of a process.
    Matcher ids = ZRENDER_ID.matcher(drawn.getMember("svg").asString());
    return new Drawing(
        ids.replaceAll("zr0-"),
        drawn.getMember("width").asInt(),
        drawn.getMember("height").asInt());
  }

  private void start() {
    BundledFonts fonts = BundledFonts.get();
    engine = Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    context =
        Context.newBuilder("js")
            .engine(engine)
            .allowAllAccess(false)
            .allowHostAccess(HostAccess.NONE)
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowIO(IOAccess.newBuilder().fileSystem(new ModuleFiles()).build())
            .allowExperimentalOptions(true)
            .option("js.esm-eval-returns-exports", "true")
            .build();
    ProxyExecutable measure =
        arguments -> fonts.width(arguments[0].asString(), arguments[1].asString());
    Value script = module(SCRIPT);
    script.getMember("measureWith").execute(measure);
    draw = script.getMember("draw");
  }

  /** Exports of a module; it is evaluated once, however often it is imported. */
  private Value module(String path) {
    return context.eval(
        Source.newBuilder("js", "export * from '%s';".formatted(path), path + "#exports.mjs")
            .mimeType("application/javascript+module")
            .cached(true)
            .buildLiteral());
  }

  /** Ends the context and its thread. */
  @Override
  public void close() {
    thread.submit(
        () -> {
          if (context != null) {
            context.close(true);
            engine.close(true);
          }
        });
    thread.shutdown();
  }
}
