package org.rolescope.orchestrator.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.rolescope.orchestrator.plan.EntropyName;
import org.rolescope.orchestrator.plan.RunId;
import org.rolescope.orchestrator.view.Candidates;
import org.rolescope.orchestrator.view.Catalog;
import org.rolescope.orchestrator.view.Categories;
import org.rolescope.orchestrator.view.HeadEntropies;
import org.rolescope.orchestrator.view.Heads;
import org.rolescope.orchestrator.view.InterventionInfo;
import org.rolescope.orchestrator.view.KeyAttention;
import org.rolescope.orchestrator.view.Layers;
import org.rolescope.orchestrator.view.PatchingInfo;
import org.rolescope.orchestrator.view.Pattern;
import org.rolescope.orchestrator.view.RunViews;
import org.rolescope.v1.EntropyKind;

/** What a complete run found. Nothing of it changes, so answers are kept. */
@Controller(Http.API + "/runs/{id}")
@ExecuteOn(TaskExecutors.BLOCKING)
@Requires(property = Http.ENABLED, value = "true")
final class FoundController {
  private final Catalog catalog;
  private final BodyCache bodies;

  FoundController(Catalog catalog, BodyCache bodies) {
    this.catalog = catalog;
    this.bodies = bodies;
  }

  /** Ablations. */
  record Interventions(List<InterventionInfo> items) {}

  /** Patches. */
  record Patches(List<PatchingInfo> items) {}

  @Operation(
      summary = "RFC and RSI of every layer.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The layers.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Layers.class))))
  @Get("/layers")
  HttpResponse<byte[]> layers(HttpRequest<?> request, String id) {
    return found(request, id, "layers", RunViews::layers);
  }

  @Operation(
      summary = "Entropy of every category of prompts in every layer.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The categories.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Categories.class))))
  @Get("/categories")
  HttpResponse<byte[]> categories(
      HttpRequest<?> request, String id, @QueryValue Optional<String> entropy) {
    EntropyKind kind = Questions.entropy(entropy, EntropyName.EXACT);
    return found(request, id, "categories " + kind, views -> views.categories(kind));
  }

  @Operation(
      summary = "Every head of every layer.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The heads.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Heads.class))))
  @Get("/heads")
  HttpResponse<byte[]> heads(HttpRequest<?> request, String id) {
    return found(request, id, "heads", RunViews::heads);
  }

  @Operation(
      summary = "Exact entropy of one head for every prompt.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The entropies.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = HeadEntropies.class))))
  @Get("/heads/{layer}/{head}/entropies")
  HttpResponse<byte[]> headEntropies(HttpRequest<?> request, String id, int layer, int head) {
    return found(
        request,
        id,
        "entropies %d %d".formatted(layer, head),
        views -> views.headEntropies(layer, head));
  }

  @Operation(
      summary = "Attention to the first and last three keys; of all layers where none is named.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Where attention goes by position.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = KeyAttention.class))))
  @Get("/key-attention")
  HttpResponse<byte[]> keyAttention(
      HttpRequest<?> request, String id, @QueryValue Optional<String> layers) {
    List<Integer> wanted = Questions.layers(layers).stream().distinct().sorted().toList();
    return found(request, id, "key-attention " + wanted, views -> views.keyAttention(wanted));
  }

  @Operation(
      summary = "Attention pattern of one head on one prompt.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The pattern with its tokens.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Pattern.class))))
  @Get("/patterns/{part}/{layer}/{head}/{prompt}")
  HttpResponse<byte[]> pattern(
      HttpRequest<?> request, String id, String part, int layer, int head, int prompt) {
    return found(
        request,
        id,
        "pattern %s %d %d %d".formatted(part, layer, head, prompt),
        views -> views.pattern(part, layer, head, prompt));
  }

  @Operation(
      summary = "Heads ranked as candidates for patching; all of them where top_k is 0.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The candidates by rank.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Candidates.class))))
  @Get("/candidates")
  HttpResponse<byte[]> candidates(
      HttpRequest<?> request,
      String id,
      @Parameter(schema = @Schema(type = "integer", format = "int32")) @QueryValue("top_k")
          Optional<String> topK,
      @QueryValue Optional<String> entropy) {
    int count = Questions.topK(topK);
    EntropyKind kind = Questions.entropy(entropy, EntropyName.REFERENCE);
    return found(
        request,
        id,
        "candidates %d %s".formatted(count, kind),
        views -> views.candidates(count, kind));
  }

  @Operation(
      summary = "What ablations of models of this run found.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The ablations.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Interventions.class))))
  @Get("/interventions")
  HttpResponse<byte[]> interventions(HttpRequest<?> request, String id) {
    return found(request, id, "interventions", views -> new Interventions(views.interventions()));
  }

  @Operation(
      summary = "What patching models of this run found.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "The patches.",
              content =
                  @Content(
                      mediaType = MediaType.APPLICATION_JSON,
                      schema = @Schema(implementation = Patches.class))))
  @Get("/patching")
  HttpResponse<byte[]> patching(HttpRequest<?> request, String id) {
    return found(request, id, "patching", views -> new Patches(views.patching()));
  }

  private HttpResponse<byte[]> found(
      HttpRequest<?> request, String id, String question, Function<RunViews, Object> view) {
    RunId run = new RunId(id);
    return bodies
        .get(question, catalog.stamp(run), () -> view.apply(catalog.views(run)))
        .answer(request);
  }
}
