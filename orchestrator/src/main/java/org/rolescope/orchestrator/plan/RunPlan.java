package org.rolescope.orchestrator.plan;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What to measure. Two equal plans on the same models are the same run.
 *
 * @param family family name, a part of folder names: 1 to 64 letters, digits, {@code . _ -}
 * @param baseModel the base (older) one of two models, or the only one
 * @param instructModel the instruct (newer) one; empty: only one is measured, nothing is compared
 * @param promptSet the prompts
 * @param roleSettings how roles are estimated
 * @param skipRawPatterns do not write the attention patterns themselves
 * @param maxBatchPrompts most prompts in one batch; 0: the service chooses
 * @param promptOptions how prompts become tokens
 */
public record RunPlan(
    String family,
    String baseModel,
    Optional<String> instructModel,
    PromptSet promptSet,
    RoleSettings roleSettings,
    boolean skipRawPatterns,
    int maxBatchPrompts,
    PromptOptions promptOptions) {
  static final String FAMILY_PATTERN = "[A-Za-z0-9._-]{1,64}";
  private static final int MIN_PROMPT_PAIRS = 2;
  private static final Pattern FAMILY = Pattern.compile(FAMILY_PATTERN);

  /**
   * Checks everything that can be checked without the models.
   *
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where something is not valid
   */
  public RunPlan {
    requireNonNull(promptSet, "promptSet is null");
    requireNonNull(roleSettings, "roleSettings is null");
    requireNonNull(promptOptions, "promptOptions is null");
    checkFamily(family);
    Invalid.unless(!baseModel.isBlank(), "The plan names no model; give the name of one");
    Invalid.unless(
        instructModel.map(name -> !name.isBlank()).orElse(true),
        "The name of the instruct model is blank; give one or leave it out");
    Invalid.unless(
        maxBatchPrompts >= 0,
        "Option max_batch_prompts is %s; give a smaller number, or 0 to let the service choose",
        Integer.toUnsignedString(maxBatchPrompts));
    roleSettings.roles().checkIn(promptSet);
  }

  /** A plan with {@link PromptOptions#DEFAULT}. */
  public RunPlan(
      String family,
      String baseModel,
      Optional<String> instructModel,
      PromptSet promptSet,
      RoleSettings roleSettings,
      boolean skipRawPatterns,
      int maxBatchPrompts) {
    this(
        family,
        baseModel,
        instructModel,
        promptSet,
        roleSettings,
        skipRawPatterns,
        maxBatchPrompts,
        PromptOptions.DEFAULT);
  }

  /** The same with these prompt options. */
  public RunPlan withPromptOptions(PromptOptions options) {
    return new RunPlan(
        family,
        baseModel,
        instructModel,
        promptSet,
        roleSettings,
        skipRawPatterns,
        maxBatchPrompts,
        options);
  }

  /** Gives a family name back where it can name a folder. */
  static String checkFamily(String family) {
    Invalid.unless(
        FAMILY.matcher(family).matches() && !family.equals(".") && !family.equals(".."),
        "Family name `%s` cannot name a folder; use 1 to 64 letters, digits, `.`, `_` or `-`",
        family);
    return family;
  }

  /** The name of each model by the part it plays, in the order they are measured. */
  public SortedMap<ModelSlot, String> models() {
    SortedMap<ModelSlot, String> models = new TreeMap<>();
    instructModel.ifPresent(instruct -> models.put(ModelSlot.BASE, baseModel));
    models.put(ModelSlot.RUN, instructModel.orElse(baseModel));
    return models;
  }

  /**
   * Whether the heads of two models can be ranked as candidates for patching: that takes two pairs
   * of self and neutral prompts at least.
   */
  public boolean ranksHeads() {
    return compares()
        && Stream.of(roleSettings.roles().self(), roleSettings.roles().neutral())
            .allMatch(role -> promptSet.promptCount(role) >= MIN_PROMPT_PAIRS);
  }

  /** Whether two models are measured and compared. */
  public boolean compares() {
    return instructModel.isPresent();
  }
}
