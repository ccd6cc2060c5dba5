package org.rolescope.inference.template;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;

/**
 * Runs Hugging Face's own Jinja interpreter in a JavaScript context of its own for every call,
 * without access to anything outside. {@code render.js} counts what a template does and makes; the
 * limits here stop what it cannot count. All limits count work, never time, so that a template that
 * renders on one machine renders on every other.
 */
final class TemplateSandbox {
  /** Longest template, in characters. The longest ones published have 20,000. */
  private static final int MAX_TEMPLATE_LENGTH = 1 << 18;

  /** Most work a prompt may make: expressions evaluated plus characters and elements they gave. */
  private static final int MAX_WORK = 2_000_000;

  /** Room for {@code MAX_DEPTH} of {@code render.js} several times over. */
  private static final long STACK_BYTES = 16L << 20;

  private static final long MAX_STATEMENTS = 5_000_000;
  private static final int MAX_STRING_LENGTH = 4_000_000;

  private TemplateSandbox() {}

  static List<String> render(ChatTemplate template, List<String> prompts) {
    if (template.text().length() > MAX_TEMPLATE_LENGTH) {
      throw fault(
          "has %d characters, more than the %d it may have"
              .formatted(template.text().length(), MAX_TEMPLATE_LENGTH));
    }
    FutureTask<List<String>> task = new FutureTask<>(() -> renderHere(template, prompts));
    // A thread of its own: how deep a template may nest must not depend on the stack of the caller.
    Thread.ofPlatform().name("chat-template").daemon().stackSize(STACK_BYTES).start(task);
    try {
      return task.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RolescopeException fault) {
        throw fault;
      }
      throw new IllegalStateException("rendering a chat template broke", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RolescopeException(
          FaultCode.CANCELLED, "Rendering the chat template was interrupted", interrupted);
    }
  }

  private static List<String> renderHere(ChatTemplate template, List<String> prompts) {
    List<String> rendered = new ArrayList<>();
    try (Context context = context()) {
      Value conversation =
          context
              .eval(Scripts.RENDER)
              .execute(
                  context.eval(Scripts.LIBRARY),
                  template.text(),
                  Scripts.json(template.specialTokens()),
                  MAX_WORK);
      for (int prompt = 0; prompt < prompts.size(); prompt++) {
        context.resetLimits();
        rendered.add(text(conversation.execute(prompts.get(prompt)), prompt));
      }
    } catch (PolyglotException stopped) {
      throw fault(stopped);
    }
    return List.copyOf(rendered);
  }

  private static String text(Value outcome, int prompt) {
    Value refusal = outcome.getMember("refusal");
    if (!refusal.isNull()) {
      throw fault("refuses prompt %d: %s".formatted(prompt, refusal.asString()));
    }
    return outcome.getMember("text").asString();
  }

  private static Context context() {
    return Context.newBuilder("js")
        .engine(Scripts.ENGINE)
        .allowAllAccess(false)
        .allowHostAccess(HostAccess.NONE)
        .allowIO(IOAccess.NONE)
        .allowPolyglotAccess(PolyglotAccess.NONE)
        .timeZone(ZoneOffset.UTC)
        // The one option that bounds what a single built-in function makes.
        .allowExperimentalOptions(true)
        .option("js.string-length-limit", Integer.toString(MAX_STRING_LENGTH))
        .resourceLimits(
            ResourceLimits.newBuilder().statementLimit(MAX_STATEMENTS, _ -> true).build())
        .build();
  }

  private static RolescopeException fault(PolyglotException stopped) {
    if (stopped.isResourceExhausted() || stopped.isInternalError()) {
      return fault("does more than it may; it may loop without end");
    }
    String message = String.valueOf(stopped.getMessage());
    // Errors of the language itself, not of the template: nesting and strings without end.
    if (message.startsWith("RangeError")) {
      return fault("nests deeper or makes longer text than it may");
    }
    return fault("fails: " + message.replaceFirst("^[A-Za-z]*Error: ", ""));
  }

  private static RolescopeException fault(String what) {
    return new RolescopeException(
        FaultCode.INVALID_ARGUMENT,
        "The model's chat template %s; measure without it, or correct chat_template in the checkpoint and export the model again"
            .formatted(what));
  }
}
