package org.rolescope.orchestrator.patch;

import java.util.List;
import org.rolescope.v1.AnswerTexts;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.PatchPlan;
import org.rolescope.v1.PatchedSet;
import org.rolescope.v1.PromptPair;

/** Plans of patches for the models of the bench. */
final class PatchedPairs {
  private static final List<String> SOURCES =
      List.of("How tall am I?", "Where is my key?", "Can I think?");
  private static final List<String> TARGETS =
      List.of("How tall is she?", "Where is her key?", "Can he think?");

  private PatchedPairs() {}

  /** Prompts about the user into prompts about somebody else, of one model, with answers. */
  static PatchPlan.Builder answered() {
    PatchPlan.Builder plan = PatchPlan.newBuilder().setFamily("tiny").setSourceModel("tiny-base");
    for (int pair = 0; pair < SOURCES.size(); pair++) {
      plan.addPairs(
          PromptPair.newBuilder()
              .setSource(SOURCES.get(pair))
              .setTarget(TARGETS.get(pair))
              .setAnswers(AnswerTexts.newBuilder().setFirst("yes indeed").setSecond("no " + pair)));
    }
    plan.getOptionsBuilder().setBootstrapResamples(20).setSeed(7);
    return plan;
  }

  /** The same prompts through two models. */
  static PatchPlan.Builder acrossModels() {
    PatchPlan.Builder plan = answered().setTargetModel("tiny-instruct").clearPairs();
    SOURCES.forEach(prompt -> plan.addPairs(PromptPair.newBuilder().setSource(prompt)));
    return plan;
  }

  static PatchedSet set(int... layersAndHeads) {
    PatchedSet.Builder set = PatchedSet.newBuilder();
    for (int index = 0; index < layersAndHeads.length; index += 2) {
      set.addSites(
          HeadSite.newBuilder().setLayer(layersAndHeads[index]).setHead(layersAndHeads[index + 1]));
    }
    return set.build();
  }
}
