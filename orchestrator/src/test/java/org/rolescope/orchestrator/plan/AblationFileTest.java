package org.rolescope.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.AblatedSite;
import org.rolescope.v1.Ablation;
import org.rolescope.v1.AblationMethod;
import org.rolescope.v1.NamedIntervention;

final class AblationFileTest {
  @TempDir private Path folder;

  @Test
  void entriesAreNamedAsTheStudyNamesTheirFolders() throws IOException {
    List<NamedIntervention> read =
        read(
            """
            [{"name": "sh_0_19_half", "type": "attention", "layer": 0, "head": 19, "method": "half_out"},
             {"type": "attention", "layer": 5, "head": null, "method": "random", "seed": 4},
             {"type": "mlp", "layer": 2, "method": "zero_out"}]
            """);
    assertThat(read)
        .extracting(NamedIntervention::getName)
        .containsExactly("sh_0_19_half_out", "ah_5_random", "mlp_2_zero_out");
    assertThat(read.get(0).getAblationsList())
        .containsExactly(
            Ablation.newBuilder()
                .setSite(AblatedSite.ABLATED_SITE_ATTENTION)
                .setHead(19)
                .setMethod(AblationMethod.ABLATION_METHOD_HALF_OUT)
                .build());
    assertThat(read.get(1).getAblations(0).hasHead()).isFalse();
    assertThat(read.get(1).getAblations(0).getSeed()).isEqualTo(4);
    assertThat(read.get(2).getAblations(0).getSite()).isEqualTo(AblatedSite.ABLATED_SITE_MLP);
  }

  /** The study's grouped plan names the same head in two lists. */
  @Test
  void namedListsHoldSeparateInterventions() throws IOException {
    List<NamedIntervention> read =
        read(
            """
            [{"name": "heads", "description": "the first ones", "interventions": [
               {"name": "a", "type": "attention", "layer": 0, "head": 1, "method": "zero_out"},
               {"name": "b", "type": "attention", "layer": 1, "head": 1, "method": "zero_out"}]},
             {"name": "methods", "interventions": [
               {"name": "a", "type": "attention", "layer": 0, "head": 1, "method": "zero_out"},
               {"name": "c", "type": "attention", "layer": 0, "head": 1, "method": "mean"}]}]
            """);
    assertThat(read)
        .extracting(NamedIntervention::getName)
        .containsExactly("sh_0_1_zero_out", "sh_1_1_zero_out", "sh_0_1_mean");
    assertThat(read).allSatisfy(each -> assertThat(each.getAblationsCount()).isEqualTo(1));
  }

  @Test
  void ablationsAreDoneAtOnce() throws IOException {
    List<NamedIntervention> read =
        read(
            """
            [{"name": "circuit", "ablations": [
               {"type": "attention", "layer": 0, "head": 1, "method": "zero_out"},
               {"type": "mlp", "layer": 1, "method": "mean"}]},
             {"ablations": [
               {"type": "attention", "layer": 0, "head": 1, "method": "zero_out"},
               {"type": "attention", "layer": 0, "head": 2, "method": "zero_out"}]}]
            """);
    assertThat(read)
        .extracting(NamedIntervention::getName)
        .containsExactly("circuit", "sh_0_1_zero_out-sh_0_2_zero_out");
    assertThat(read.getFirst().getAblationsCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | holds no list of interventions | at least one",
        "[] | holds no list of interventions | at least one",
        "[3] | Entry 1 of plan file | is no object",
        "[{\"layer\": 0, \"method\": \"zero_out\"}] | Entry 1 of plan file | has no type; add it",
        "[{\"type\": \"attention\", \"method\": \"zero_out\"}] | Entry 1 | has no layer",
        "[{\"type\": \"attention\", \"layer\": 0}] | Entry 1 | has no method",
        "[{\"type\": \"head\", \"layer\": 0, \"method\": \"zero_out\"}] | type head | attention or mlp",
        "[{\"type\": \"mlp\", \"layer\": 0, \"method\": \"zero\"}] | method zero; | zero_out, half_out",
        "[{\"type\": \"mlp\", \"layer\": 1.5, \"method\": \"zero_out\"}] | layer 1.5 | whole number",
        "[{\"type\": \"mlp\", \"layer\": -1, \"method\": \"zero_out\"}] | layer -1 | whole number",
        "[{\"type\": \"mlp\", \"layer\": \"1\", \"method\": \"zero_out\"}] | layer \"1\" | whole number",
        "[{\"type\": 7, \"layer\": 1, \"method\": \"zero_out\"}] | type 7 | no text",
        "[{\"type\": \"mlp\", \"layers\": 1, \"method\": \"zero_out\"}] | key layers | means nothing",
        "[{\"type\": \"mlp\", \"layer\": 1, \"method\": \"mean\"}, {\"type\": \"mlp\", \"layer\": 1, \"method\": \"mean\"}] | Entry 2 | mlp_1_mean, which stands there already",
        "[{\"name\": \"a\", \"type\": \"mlp\", \"layer\": 1, \"method\": \"mean\"}, {\"name\": \"a\", \"type\": \"mlp\", \"layer\": 2, \"method\": \"mean\"}] | Entry 2 | has the name a",
        "[{\"name\": \"a\", \"interventions\": []}] | has no interventions | at least one",
        "[{\"name\": \"a\", \"interventions\": [{\"interventions\": [1]}]}] | list in a list | one level",
        "[{ | is no valid JSON | line 1"
      })
  void whatIsNoPlanIsNamed(String json, String sentence, String more) throws IOException {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(sentence)
        .hasMessageContaining(more);
  }

  @Test
  void twoSeedsOfOneMethodNeedNames() throws IOException {
    String list =
        "{\"interventions\": [{\"type\": \"attention\", \"layer\": 1, \"method\": \"random\", \"seed\": %d}]}";
    assertThatThrownBy(() -> read("[" + list.formatted(1) + "," + list.formatted(2) + "]"))
        .hasMessageContaining("does something else");
  }

  private List<NamedIntervention> read(String json) throws IOException {
    return AblationFile.read(Files.writeString(folder.resolve("plan.json"), json));
  }
}
