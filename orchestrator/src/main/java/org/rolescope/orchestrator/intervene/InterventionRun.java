package org.rolescope.orchestrator.intervene;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.orchestrator.artifacts.ActivationsJson;
import org.rolescope.orchestrator.artifacts.InterventionConfigJson;
import org.rolescope.orchestrator.artifacts.InterventionTable;
import org.rolescope.orchestrator.artifacts.ResultsJson;
import org.rolescope.orchestrator.artifacts.Software;
import org.rolescope.orchestrator.artifacts.TableFormat;
import org.rolescope.orchestrator.client.MetricsClient;
import org.rolescope.orchestrator.client.RoleOptionsMessage;
import org.rolescope.orchestrator.execute.MeasuringServices;
import org.rolescope.orchestrator.plan.InterventionPlan;
import org.rolescope.orchestrator.runstore.AtomicFiles;
import org.rolescope.orchestrator.runstore.Checkpoint;
import org.rolescope.orchestrator.stepwise.StepCount;
import org.rolescope.orchestrator.stepwise.StepListener;
import org.rolescope.tensors.TensorView;
import org.rolescope.v1.AnswerTokens;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.CompareLogitsRequest;
import org.rolescope.v1.ConstantOutput;
import org.rolescope.v1.Intervention;
import org.rolescope.v1.InterventionEffect;
import org.rolescope.v1.InterventionResults;
import org.rolescope.v1.LayerEntropies;
import org.rolescope.v1.LogitComparison;
import org.rolescope.v1.Model;
import org.rolescope.v1.NamedIntervention;
import org.rolescope.v1.RoleOptions;
import org.rolescope.v1.RunPair;

/**
 * One ablation run on its way. Each step reads what the ones before it left on disk, never what
 * they had in memory, so that it makes no difference where the run was cut. Not thread-safe.
 */
final class InterventionRun {
  private final InterventionRequests requests;
  private final CaptureStarted started;
  private final List<AnswerTokens> answers;
  private final InterventionFolder folder;
  private final MeasuringServices services;
  private final List<MeanOutputs.Place> places;
  private final StepCount steps;

  /**
   * Prepares the work, and tells where it stands.
   *
   * @param requests what the services are asked for
   * @param started the tokenised prompts, as they are now
   * @param answers two answers to each prompt, or none
   */
  InterventionRun(
      InterventionRequests requests,
      CaptureStarted started,
      List<AnswerTokens> answers,
      InterventionFolder folder,
      MeasuringServices services,
      StepListener listener) {
    this.requests = requireNonNull(requests, "requests is null");
    this.started = requireNonNull(started, "started is null");
    this.answers = List.copyOf(answers);
    this.folder = requireNonNull(folder, "folder is null");
    this.services = requireNonNull(services, "services is null");
    places = MeanOutputs.places(plan().interventions());
    List<Path> all = checkpoints();
    int done =
        folder.work().isComplete() ? all.size() : (int) all.stream().filter(Files::exists).count();
    steps = new StepCount(all.size(), done, listener);
  }

  /** Does every step that is not done yet. */
  void work() {
    confirm(started);
    measureClean();
    captureCleanLogits();
    places.forEach(this::takeMean);
    plan().interventions().forEach(this::intervene);
    AtomicFiles.write(
        folder.table(), out -> InterventionTable.of(effects()).write(TableFormat.CSV, out));
    AtomicFiles.write(folder.work().results(), out -> ResultsJson.write(out, results()));
    steps.finished("effects.csv");
  }

  /** The file that shows that a step is done, for each step. */
  private List<Path> checkpoints() {
    List<Path> files = new ArrayList<>();
    IntStream.range(0, model().getLayerCount())
        .mapToObj(folder::cleanEntropies)
        .forEach(files::add);
    // Logits come in batches of any order, but the step is over when the last of them is there.
    files.add(folder.cleanLogitsDone());
    places.forEach(place -> files.add(folder.mean(place.site(), place.layer())));
    plan().interventions().forEach(each -> files.add(folder.effect(each.getName())));
    files.add(folder.work().results());
    return files;
  }

  private void measureClean() {
    List<Path> files =
        IntStream.range(0, model().getLayerCount()).mapToObj(folder::cleanEntropies).toList();
    measure(0, List.of(), files, layer -> steps.finished("entropies of layer %d".formatted(layer)));
  }

  /**
   * Measures the layers whose file is not there.
   *
   * @param first layer of the first file
   * @param interventions what is changed; may be empty
   * @param files a file for each layer from there to the last
   * @param kept told of each layer that is written
   */
  private void measure(
      int first, List<Intervention> interventions, List<Path> files, LayerListener kept) {
    int missing = 0;
    while (missing < files.size() && Files.exists(files.get(missing))) {
      missing++;
    }
    if (missing < files.size()) {
      services
          .metrics()
          .measureEntropies(
              model(),
              requests.entropies(first + missing, interventions),
              new Keeper(first, files, kept));
    }
  }

  private void captureCleanLogits() {
    if (Files.exists(folder.cleanLogitsDone())) {
      return;
    }
    captureLogits(
        List.of(),
        batch -> {
          for (int index = 0; index < batch.promptIndices().size(); index++) {
            int prompt = batch.promptIndices().get(index);
            CompareLogitsRequest.Builder logits =
                CompareLogitsRequest.newBuilder().addAllClean(LogitSink.of(batch, index));
            if (!answers.isEmpty()) {
              logits.setAnswers(answers.get(prompt));
            }
            Checkpoint.write(folder.cleanLogits(prompt), logits.build());
          }
        });
    Checkpoint.write(folder.cleanLogitsDone(), CompareLogitsRequest.getDefaultInstance());
    steps.finished("logits");
  }

  private void captureLogits(List<Intervention> interventions, Consumer<TensorView> batches) {
    LogitSink sink =
        new LogitSink(promptCount(), model().getVocabularySize(), this::confirm, batches);
    services.inference().capture(requests.logits(interventions), sink);
    sink.finish();
  }

  private void takeMean(MeanOutputs.Place place) {
    Path file = folder.mean(place.site(), place.layer());
    if (!Files.exists(file)) {
      PositionMean mean = requests.mean(place);
      services.inference().capture(requests.outputs(place), mean);
      Checkpoint.write(file, ConstantOutput.newBuilder().setValues(mean.values()).build());
      steps.finished("mean of " + place.words());
    }
  }

  private void intervene(NamedIntervention named) {
    String name = named.getName();
    if (Files.exists(folder.effect(name))) {
      return;
    }
    List<Intervention> interventions = messages().of(named);
    int first = AblatedModel.firstLayer(named);
    List<Path> files =
        IntStream.range(first, model().getLayerCount())
            .mapToObj(layer -> folder.entropies(name, layer))
            .toList();
    measure(first, interventions, files, layer -> {});
    InterventionEffect effect =
        EffectBuilder.of(
            named,
            services.metrics().scoreIntervention(options(), pairs(name, first)),
            plan().promptSet().categoryOfEachPrompt(),
            compare(interventions));
    writeArtifacts(named, first, effect);
    Checkpoint.write(folder.effect(name), effect);
    steps.finished(name);
  }

  private AblationMessages messages() {
    return new AblationMessages(
        new MeanOutputs(folder, model().getHeadSize()),
        started.getPromptsList().stream().map(prompt -> prompt.getTokenIdsCount()).toList());
  }

  private Iterator<RunPair> pairs(String name, int first) {
    return IntStream.range(first, model().getLayerCount())
        .mapToObj(
            layer ->
                RunPair.newBuilder()
                    .setClean(entropies(folder.cleanEntropies(layer)))
                    .setIntervened(entropies(folder.entropies(name, layer)))
                    .build())
        .iterator();
  }

  /** Next-token distributions of both runs, in prompt order. One batch is in memory at a time. */
  private List<LogitComparison> compare(List<Intervention> interventions) {
    LogitComparison[] comparisons = new LogitComparison[promptCount()];
    captureLogits(
        interventions,
        batch -> {
          List<Integer> prompts = batch.promptIndices();
          Iterator<CompareLogitsRequest> both =
              IntStream.range(0, prompts.size()).mapToObj(index -> both(batch, index)).iterator();
          List<LogitComparison> compared = services.metrics().compareLogits(both);
          for (int index = 0; index < prompts.size(); index++) {
            comparisons[prompts.get(index)] = compared.get(index);
          }
        });
    return Arrays.asList(comparisons);
  }

  private CompareLogitsRequest both(TensorView batch, int index) {
    Path clean = folder.cleanLogits(batch.promptIndices().get(index));
    return Checkpoint.read(clean, CompareLogitsRequest.parser()).toBuilder()
        .addAllOther(LogitSink.of(batch, index))
        .build();
  }

  private void writeArtifacts(NamedIntervention named, int first, InterventionEffect effect) {
    String name = named.getName();
    AtomicFiles.write(folder.activations(name), out -> writeActivations(out, name, first));
    AtomicFiles.write(
        folder.configuration(name),
        out ->
            InterventionConfigJson.write(
                out, folder.work().id().text(), named, plan(), started, Software.current()));
    AtomicFiles.write(folder.effects(name), out -> ResultsJson.write(out, effect));
  }

  /** Layers before the first changed one are as in the un-intervened run. */
  private void writeActivations(OutputStream out, String name, int first) throws IOException {
    Stream<LayerEntropies> layers =
        IntStream.range(0, model().getLayerCount())
            .mapToObj(
                layer ->
                    layer < first ? folder.cleanEntropies(layer) : folder.entropies(name, layer))
            .map(InterventionRun::entropies);
    ActivationsJson.write(out, model(), plan().promptSet(), started, layers.iterator());
  }

  private InterventionResults results() {
    return InterventionResults.newBuilder()
        .setId(folder.work().id().text())
        .setModel(model())
        .setOptions(options())
        .addAllEffects(effects())
        .addAllArtifacts(artifacts())
        .build();
  }

  private List<InterventionEffect> effects() {
    return plan().interventions().stream()
        .map(each -> Checkpoint.read(folder.effect(each.getName()), InterventionEffect.parser()))
        .toList();
  }

  private List<String> artifacts() {
    Stream<Path> each =
        plan().interventions().stream()
            .map(NamedIntervention::getName)
            .flatMap(
                name ->
                    Stream.of(
                        folder.activations(name),
                        folder.configuration(name),
                        folder.effects(name)));
    return Stream.concat(each, Stream.of(folder.table(), folder.work().results()))
        .map(folder.work()::relative)
        .sorted()
        .toList();
  }

  /**
   * Makes sure that what a service is about to send belongs to what there is already.
   *
   * @throws RolescopeException CONFLICT where the model or its tokenizer is another by now
   */
  private void confirm(CaptureStarted now) {
    if (!Files.exists(folder.started())) {
      Checkpoint.write(folder.started(), now);
    }
    CaptureStarted then = Checkpoint.read(folder.started(), CaptureStarted.parser());
    if (!now.getModel().getDigest().equals(model().getDigest())
        || !now.getPromptsList().equals(then.getPromptsList())) {
      throw new RolescopeException(
          FaultCode.CONFLICT,
          "Model %s changed while it was measured; ask for the same again to measure it as it is now"
              .formatted(model().getName()));
    }
  }

  private RoleOptions options() {
    return RoleOptionsMessage.of(plan().promptSet(), plan().roleSettings());
  }

  private int promptCount() {
    return started.getPromptsCount();
  }

  private InterventionPlan plan() {
    return requests.plan();
  }

  private Model model() {
    return requests.model();
  }

  private static LayerEntropies entropies(Path file) {
    return Checkpoint.read(file, LayerEntropies.parser());
  }

  /** Is told of a layer that was written. */
  private interface LayerListener {
    void kept(int layer);
  }

  private final class Keeper implements MetricsClient.EntropySink {
    private final int first;
    private final List<Path> files;
    private final LayerListener listener;

    private Keeper(int first, List<Path> files, LayerListener listener) {
      this.first = first;
      this.files = files;
      this.listener = listener;
    }

    @Override
    public void started(CaptureStarted message) {
      confirm(message);
    }

    @Override
    public void layer(LayerEntropies layer) {
      Path file = files.get(layer.getLayer() - first);
      if (!Files.exists(file)) {
        Checkpoint.write(file, layer);
        listener.kept(layer.getLayer());
      }
    }
  }
}
