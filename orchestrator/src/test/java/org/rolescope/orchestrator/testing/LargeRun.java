package org.rolescope.orchestrator.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.rolescope.orchestrator.artifacts.PatternArchive;
import org.rolescope.orchestrator.artifacts.PromptPattern;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.plan.ModelSlot;
import org.rolescope.orchestrator.plan.PromptCategory;
import org.rolescope.orchestrator.plan.PromptSet;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.runstore.RunFolder;
import org.rolescope.orchestrator.runstore.RunStore;
import org.rolescope.orchestrator.runstore.StoredRun;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.EntropyKind;
import org.rolescope.v1.EntropyTable;
import org.rolescope.v1.KeyAttention;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LayerPair;
import org.rolescope.v1.Model;
import org.rolescope.v1.RunResults;
import org.rolescope.v1.TokenizedPrompt;

/** A complete comparison of two models of 32 layers of 32 heads on 120 prompts, made up. */
public final class LargeRun {
  public static final int LAYERS = 32;
  public static final int HEADS = 32;
  private static final int PROMPTS_EACH = 30;
  private static final int TOKENS = 8;
  private static final long SEED = 20261123;

  private final Random random = new Random(SEED);
  private final int promptCount = 4 * PROMPTS_EACH;

  private LargeRun() {}

  /** Writes it into a store. */
  public static StoredRun write(Path runs, Bench bench) {
    return new LargeRun().writeTo(runs, bench);
  }

  private StoredRun writeTo(Path runs, Bench bench) {
    Map<ModelSlot, Model> models = new EnumMap<>(ModelSlot.class);
    models.put(ModelSlot.BASE, model("tiny-base", "d"));
    models.put(ModelSlot.RUN, model("tiny-instruct", "e"));
    StoredRun run =
        new StoredRun(
            Plans.plan(Optional.of("tiny-instruct"), prompts(), true), new TreeMap<>(models));
    RunFolder folder = new RunStore(runs).prepare(run);
    List<LayerPair> pairs = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      LayerPair pair =
          LayerPair.newBuilder().setBase(layer(layer)).setInstruct(layer(layer)).build();
      pairs.add(pair);
      Checkpoint.write(folder.entropies(ModelSlot.BASE, layer), pair.getBase());
      Checkpoint.write(folder.entropies(ModelSlot.RUN, layer), pair.getInstruct());
    }
    RunResults results =
        RunResults.newBuilder()
            .setBaseModel(run.model(ModelSlot.BASE))
            .setInstructModel(run.model(ModelSlot.RUN))
            .setComparison(
                bench
                    .metricsClient()
                    .compareModels(RoleOptionsMessage.of(run.plan()), pairs.iterator()))
            .build();
    for (ModelSlot slot : ModelSlot.values()) {
      Checkpoint.write(folder.started(slot), started());
      AtomicFiles.write(
          folder.configuration(slot),
          out -> out.write("{\"software\":{}}".getBytes(StandardCharsets.UTF_8)));
    }
    AtomicFiles.write(
        folder.patterns(ModelSlot.RUN, 0),
        out -> PatternArchive.write(out, 0, run.plan().promptSet(), patterns()));
    AtomicFiles.write(folder.results(), out -> ResultsJson.write(out, results));
    return run;
  }

  private static Model model(String name, String digit) {
    return Model.newBuilder()
        .setName(name)
        .setDigest(digit.repeat(64))
        .setLayerCount(LAYERS)
        .setHeadCount(HEADS)
        .build();
  }

  private static PromptSet prompts() {
    return new PromptSet(
        "large",
        List.of("self_referent", "confounder", "neutral", "third_person").stream()
            .map(
                category ->
                    new PromptCategory(
                        category,
                        IntStream.range(0, PROMPTS_EACH)
                            .mapToObj(number -> category + " " + number)
                            .toList()))
            .toList());
  }

  private CaptureStarted started() {
    TokenizedPrompt.Builder prompt = TokenizedPrompt.newBuilder();
    IntStream.range(0, TOKENS).forEach(id -> prompt.addTokenIds(id).addTokens("t" + id));
    CaptureStarted.Builder started = CaptureStarted.newBuilder();
    IntStream.range(0, promptCount).forEach(each -> started.addPrompts(prompt));
    return started.build();
  }

  private LayerEntropies layer(int layer) {
    LayerEntropies.Builder entropies =
        LayerEntropies.newBuilder()
            .setLayer(layer)
            .setHeadCount(HEADS)
            .addTables(table(EntropyKind.ENTROPY_KIND_REFERENCE))
            .addTables(table(EntropyKind.ENTROPY_KIND_EXACT))
            .setKeyAttention(
                KeyAttention.newBuilder().addAllFirst(numbers(3)).addAllLast(numbers(3)));
    IntStream.range(0, promptCount).forEach(each -> entropies.addQueryCounts(TOKENS));
    return entropies.build();
  }

  private EntropyTable table(EntropyKind kind) {
    return EntropyTable.newBuilder().setKind(kind).addAllNats(numbers(1)).build();
  }

  private List<Double> numbers(int each) {
    return random.doubles((long) HEADS * promptCount * each).boxed().toList();
  }

  private List<PromptPattern> patterns() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(PromptPattern.sizeBytes(HEADS, TOKENS)));
    return IntStream.range(0, promptCount)
        .mapToObj(each -> new PromptPattern(HEADS, TOKENS, bytes))
        .toList();
  }
}
