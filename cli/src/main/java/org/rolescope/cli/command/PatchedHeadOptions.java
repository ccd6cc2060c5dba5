package org.rolescope.cli.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.v1.HeadSite;
import org.rolescope.v1.PatchSite;
import org.rolescope.v1.PatchedSet;
import org.rolescope.v1.RankCandidatesResponse;
import picocli.CommandLine.Option;

/** What is patched: every place by itself, heads named here, or the candidates of a comparison. */
final class PatchedHeadOptions {
  private static final Pattern PLACE = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?");

  @Option(names = "--sweep", description = "Patch every head of every layer by itself.")
  private boolean sweep;

  @Option(
      names = "--heads",
      paramLabel = "LIST",
      split = ",",
      description =
          "Patch these heads, as layer.head with commas between; 2.5+3.1 is patched at once. "
              + "Each is compared with random heads.")
  private List<String> heads = List.of();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Patch the first K candidates of the comparison of --family, each by itself.")
  private Integer topK;

  @Option(
      names = "--site",
      paramLabel = "SITE",
      defaultValue = "z",
      description =
          "What is patched: z (output of a head), pattern, or of whole layers mlp_out or "
              + "resid_post (default: ${DEFAULT-VALUE}).")
  private String site;

  /** How many candidates of a comparison are asked for; 0: none. */
  int topK() {
    if (topK != null && topK < 1) {
      throw invalid("--top-k is %d; give at least 1".formatted(topK));
    }
    return topK == null ? 0 : topK;
  }

  /** The site. */
  PatchSite site() {
    String name = "PATCH_SITE_" + site.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(PatchSite.values())
        .filter(each -> each.name().equals(name) && each != PatchSite.PATCH_SITE_UNSPECIFIED)
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    "--site %s is no site; use z, pattern, mlp_out or resid_post".formatted(site)));
  }

  /**
   * Checks that exactly one of the ways to say what is patched was used.
   *
   * @throws RolescopeException INVALID_ARGUMENT where it was not
   */
  void check() {
    int ways = (sweep ? 1 : 0) + (heads.isEmpty() ? 0 : 1) + (topK() > 0 ? 1 : 0);
    if (ways != 1) {
      throw invalid("Say what to patch with one of --sweep, --heads and --top-k");
    }
    if (topK() > 0 && isOfLayer()) {
      throw invalid(
          "--top-k patches heads, but --site %s is of whole layers; use z or pattern"
              .formatted(site));
    }
    candidates();
  }

  /** The sets named here; empty in a sweep. */
  List<PatchedSet> candidates() {
    return heads.stream().map(this::set).toList();
  }

  /** The heads of a ranking, each by itself. */
  static List<PatchedSet> candidates(RankCandidatesResponse ranking) {
    return ranking.getCandidatesList().stream()
        .map(
            head ->
                PatchedSet.newBuilder()
                    .addSites(
                        HeadSite.newBuilder().setLayer(head.getLayer()).setHead(head.getHead()))
                    .build())
        .toList();
  }

  private PatchedSet set(String text) {
    List<HeadSite> sites = new ArrayList<>();
    for (String place : text.strip().split("\\+", -1)) {
      sites.add(place(place.strip()));
    }
    return PatchedSet.newBuilder().addAllSites(sites).build();
  }

  private HeadSite place(String text) {
    Matcher place = PLACE.matcher(text);
    if (!place.matches() || (place.group(2) == null && !isOfLayer())) {
      throw invalid(
          "--heads has `%s`, which is no %s"
              .formatted(
                  text,
                  isOfLayer()
                      ? "layer; write its number"
                      : "head; write layer and head with a point between, as 2.5"));
    }
    String head = place.group(2) == null ? "0" : place.group(2);
    return HeadSite.newBuilder()
        .setLayer(Integer.parseInt(place.group(1)))
        .setHead(Integer.parseInt(head))
        .build();
  }

  private boolean isOfLayer() {
    return site() == PatchSite.PATCH_SITE_MLP_OUT || site() == PatchSite.PATCH_SITE_RESID_POST;
  }

  private static RolescopeException invalid(String message) {
    return new RolescopeException(FaultCode.INVALID_ARGUMENT, message);
  }
}
