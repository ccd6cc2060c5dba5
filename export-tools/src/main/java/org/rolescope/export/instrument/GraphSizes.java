package org.rolescope.export.instrument;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rolescope.export.checkpoint.Configuration;
import org.rolescope.tensors.bundle.ModelDimensions;

/**
 * The sizes of a model in one graph: what its {@code config.json} says, where there is one, else
 * what its embedding tables show. A table is a weight of two axes whose rows are gathered: that of
 * the tokens by {@code input_ids}; that of the positions is the only other of the same width that
 * is no table of token types.
 */
public final class GraphSizes {
  private static final int MAX_SIZE = 1 << 28;
  private static final String UNKNOWN_ARCHITECTURE = "onnx";
  private static final String TOKENS = "input_ids";
  private static final String TOKEN_TYPES = "token_type_ids";

  /** Operators that leave ids what they are. */
  private static final Set<String> PASSING =
      Set.of("Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Clip");

  private final OnnxGraph graph;
  private final Optional<Configuration> configuration;

  /**
   * Sizes of a graph.
   *
   * @param graph the graph
   * @param configuration its {@code config.json}, where it is there
   */
  public GraphSizes(OnnxGraph graph, Optional<Configuration> configuration) {
    this.graph = graph;
    this.configuration = configuration;
  }

  /**
   * Tokens in the vocabulary.
   *
   * @throws org.rolescope.fault.RolescopeException MALFORMED_MODEL where neither tells
   */
  public int vocabularySize() {
    return tokenTable()
        .map(table -> Math.toIntExact(table.getDims(0)))
        .or(() -> configured("vocab_size"))
        .orElseThrow(() -> unknown("the size of its vocabulary"));
  }

  /**
   * All sizes.
   *
   * @param probe what a run of the graph told
   * @throws org.rolescope.fault.RolescopeException MALFORMED_MODEL where one that is needed is told
   *     neither by the graph nor by its configuration
   */
  public ModelDimensions dimensions(PatternProbe probe) {
    int heads = probe.headCount();
    int hidden =
        configured("hidden_size", "n_embd", "d_model", "dim")
            .or(() -> tokenTable().map(table -> Math.toIntExact(table.getDims(1))))
            .orElseThrow(() -> unknown("its width"));
    int keyValueHeads =
        configured("num_key_value_heads").filter(count -> heads % count == 0).orElse(heads);
    int headSize = configured("head_dim", "d_kv").orElse(hidden % heads == 0 ? hidden / heads : 0);
    return new ModelDimensions(
        configuration.flatMap(config -> config.text("model_type")).orElse(UNKNOWN_ARCHITECTURE),
        probe.patterns().size(),
        heads,
        keyValueHeads,
        headSize % 2 == 0 ? headSize : 0,
        hidden,
        configured("intermediate_size", "n_inner", "ffn_dim", "hidden_dim").orElse(0),
        vocabularySize(),
        contextLength(hidden),
        graph.parameterCount());
  }

  private int contextLength(int hidden) {
    return configured("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len")
        .or(() -> positionRows(hidden))
        .orElseThrow(() -> unknown("its longest prompt"));
  }

  private Optional<Integer> configured(String... fields) {
    return configuration.flatMap(
        config -> {
          for (String field : fields) {
            if (config.has(field)) {
              return Optional.of(config.size(field, MAX_SIZE));
            }
          }
          return Optional.empty();
        });
  }

  private Optional<TensorProto> tokenTable() {
    return tables(TOKENS).stream().findFirst();
  }

  private Optional<Integer> positionRows(int hidden) {
    Set<String> others = new HashSet<>();
    tables(TOKENS).forEach(table -> others.add(table.getName()));
    tables(TOKEN_TYPES).forEach(table -> others.add(table.getName()));
    List<TensorProto> left =
        graph.nodes().stream()
            .filter(this::gathersRows)
            .map(node -> graph.initializer(node.getInput(0)))
            .filter(table -> !others.contains(table.getName()) && table.getDims(1) == hidden)
            .distinct()
            .toList();
    return left.size() == 1
        ? Optional.of(Math.toIntExact(left.getFirst().getDims(0)))
        : Optional.empty();
  }

  /** The tables whose rows are gathered by an input. */
  private List<TensorProto> tables(String input) {
    Set<String> ids = new HashSet<>(Set.of(input));
    for (NodeProto node : graph.nodes()) {
      if (PASSING.contains(node.getOpType()) && ids.contains(node.getInput(0))) {
        ids.addAll(node.getOutputList());
      }
    }
    return graph.nodes().stream()
        .filter(this::gathersRows)
        .filter(node -> ids.contains(node.getInput(1)))
        .map(node -> graph.initializer(node.getInput(0)))
        .toList();
  }

  private boolean gathersRows(NodeProto node) {
    return node.getOpType().equals("Gather")
        && node.getInputCount() == 2
        && graph.initializer(node.getInput(0)).getDimsCount() == 2
        && graph.initializer(node.getInput(0)).getDimsList().stream()
            .allMatch(size -> size >= 1 && size <= MAX_SIZE)
        && node.getAttributeList().stream()
            .noneMatch(attribute -> attribute.getName().equals("axis") && attribute.getI() != 0);
  }

  private org.rolescope.fault.RolescopeException unknown(String what) {
    return graph.malformed(
        "does not tell %s; give the config.json of the model with --config".formatted(what));
  }
}
