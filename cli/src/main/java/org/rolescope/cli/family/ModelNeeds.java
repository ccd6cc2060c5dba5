package org.rolescope.cli.family;

import static java.util.Objects.requireNonNull;

import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * What a model of a run takes, estimated from its configuration, the prompts and rates measured
 * elsewhere. Times may well be off by a factor of two, and more on another kind of processor.
 *
 * @param model the model
 * @param bundleBytes disk its bundle takes; its weights are linked, not copied
 * @param resultBytes disk its results take
 * @param memoryBytes memory while it is measured
 * @param seconds time to verify and measure it, without any download
 */
public record ModelNeeds(
    FoundModel model, long bundleBytes, long resultBytes, long memoryBytes, double seconds) {
  /**
   * Operations a second and core over a whole analysis: llama-3.1-8b, 120 prompts of 8 tokens,
   * value norms and all kinds of entropy, 46.7 s on 2 cores with AVX-512 (docs/performance.md).
   */
  public static final double ANALYSIS_RATE = 140e9;

  /**
   * Operations a second and core of verification, in double precision: 143 million parameters, 6
   * prompts, 2.4 s of processor time on the same cores.
   */
  public static final double VERIFICATION_RATE = 5e9;

  /** Start of the services, statistics and tables, seconds a model. */
  private static final double FIXED_SECONDS = 10;

  /** Of a parameter and token: a product and a sum. */
  private static final double OPERATIONS = 2;

  private static final long STAGE_BYTES = 12 << 10;
  private static final int STAGES_BESIDE_LAYERS = 2;

  /** A prompt in a head, in activations.json and the three formats of the prompts' table. */
  private static final long CELL_BYTES = 900;

  /** The process without weights. */
  private static final long PROCESS_BYTES = 500_000_000;

  /** Checks that nothing is missing. */
  public ModelNeeds {
    requireNonNull(model, "model is null");
  }

  /** What a model takes for this work on this machine. */
  public static ModelNeeds of(FoundModel model, Workload work, Machine machine) {
    ModelDimensions sizes = model.dimensions();
    return new ModelNeeds(
        model,
        model.sideBytes() + STAGE_BYTES * (sizes.layerCount() + STAGES_BESIDE_LAYERS),
        resultBytes(sizes, work),
        memoryBytes(sizes, machine),
        seconds(sizes, work, machine));
  }

  private static long resultBytes(ModelDimensions sizes, Workload work) {
    long heads = (long) sizes.layerCount() * sizes.headCount();
    long patternBytes = work.keepsPatterns() ? work.squaredTokenCount() * Float.BYTES : 0;
    return heads * (work.promptCount() * CELL_BYTES + patternBytes);
  }

  /** Weights in float32 as far as the budget goes, and those of a layer whatever it is. */
  private static long memoryBytes(ModelDimensions sizes, Machine machine) {
    long wholeBytes = sizes.parameterCount() * Float.BYTES;
    long layerBytes = wholeBytes / sizes.layerCount();
    long budgetBytes = Math.max(machine.weightBudgetBytes(), layerBytes);
    return Math.min(wholeBytes, budgetBytes) + PROCESS_BYTES;
  }

  private static double seconds(ModelDimensions sizes, Workload work, Machine machine) {
    double perToken = OPERATIONS * sizes.parameterCount() / machine.coreCount();
    return FIXED_SECONDS
        + perToken * work.tokenCount() * work.passCount() / ANALYSIS_RATE
        + perToken * work.verifiedTokenCount() / VERIFICATION_RATE;
  }
}
