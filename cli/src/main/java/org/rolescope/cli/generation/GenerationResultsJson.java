package org.rolescope.cli.generation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.rolescope.orchestrator.artifacts.Software;
import org.rolescope.orchestrator.json.Json;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.FinishReason;
import org.rolescope.v1.GenerateRequest;
import org.rolescope.v1.GeneratedToken;
import org.rolescope.v1.Model;
import org.rolescope.v1.TokenizedPrompt;

/**
 * {@code generation_results.json}: what one model answered to the prompts of a set, and everything
 * that led to it. Holds no time, path or host name: equal models and options give equal bytes.
 */
public final class GenerationResultsJson {
  private static final int SCHEMA_VERSION = 1;

  private GenerationResultsJson() {}

  /**
   * Writes the file and closes the stream.
   *
   * @param out takes it
   * @param setName name of the prompt set
   * @param setDigest its digest, before it was cut to the first prompts of each category
   * @param request what was asked for, but for the prompt
   * @param ablations what was taken out of the model, by name
   * @param answers the answers, at least one
   */
  public static void write(
      OutputStream out,
      String setName,
      String setDigest,
      GenerateRequest request,
      List<String> ablations,
      List<GeneratedAnswer> answers)
      throws IOException {
    CaptureStarted started = answers.getFirst().answer().started().getPrompt();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schema_version", SCHEMA_VERSION);
    root.set("model", model(started.getModel()));
    root.putObject("prompt_set").put("name", setName).put("digest", setDigest);
    root.putObject("prompt_options")
        .put("bos", lower(started.getPromptOptions().getBos().name(), "BOS_POLICY_"))
        .put("chat_template", started.getPromptOptions().getChatTemplate())
        .put("begin_token", started.getBeginToken());
    ObjectNode options = root.putObject("generation");
    options.put("max_tokens", request.getMaxTokens());
    options.put("temperature", request.getTemperature());
    options.put("top_p", request.getTopP());
    options.put("seed", Long.toUnsignedString(request.getSeed()));
    request.getStopList().forEach(options.putArray("stop")::add);
    ablations.forEach(options.putArray("interventions")::add);
    ArrayNode ends = options.putArray("end_token_ids");
    answers.getFirst().answer().started().getEndTokenIdsList().forEach(ends::add);
    root.set("software", software(started));
    ArrayNode results = root.putArray("results");
    answers.forEach(answer -> results.add(result(answer)));
    Json.pretty(out, root);
  }

  private static ObjectNode model(Model model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", model.getName())
        .put("digest", model.getDigest())
        .put("architecture", model.getArchitecture())
        .put("parity", lower(model.getParity().name(), "PARITY_"))
        .put("device", lower(model.getDevice().name(), "DEVICE_"))
        .put("compute_type", lower(model.getComputeType().name(), "COMPUTE_TYPE_"));
  }

  private static ObjectNode software(CaptureStarted started) {
    Software software = Software.current();
    return JsonNodeFactory.instance
        .objectNode()
        .put("rolescope", software.rolescope())
        .put("runtime", started.getRuntime())
        .put("java", software.java())
        .put("operating_system", software.operatingSystem())
        .put("architecture", software.architecture());
  }

  private static ObjectNode result(GeneratedAnswer answer) {
    TokenizedPrompt prompt = answer.answer().started().getPrompt().getPrompts(0);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("category", answer.category());
    result.put("index", answer.index());
    result.put("prompt", answer.prompt());
    if (!prompt.getRendered().isEmpty()) {
      result.put("rendered", prompt.getRendered());
    }
    prompt.getTokenIdsList().forEach(result.putArray("prompt_token_ids")::add);
    result.put("answer", answer.answer().ended().getText());
    result.put("finish_reason", reason(answer.answer().ended().getReason()));
    result.put("token_count", answer.answer().ended().getTokenCount());
    ArrayNode ids = result.putArray("token_ids");
    ArrayNode tokens = result.putArray("tokens");
    for (GeneratedToken token : answer.answer().tokens()) {
      ids.add(token.getTokenId());
      tokens.add(token.getToken());
    }
    return result;
  }

  private static String reason(FinishReason reason) {
    return lower(reason.name(), "FINISH_REASON_");
  }

  private static String lower(String name, String prefix) {
    return name.substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
