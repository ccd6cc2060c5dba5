package org.rolescope.export.instrument;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Optional;
import java.util.Set;
import org.rolescope.fault.RolescopeException;

/** Says why a graph shows no attention pattern, and what to do about it. */
final class HiddenAttention {
  /** Operators that hold the softmax inside, whatever their domain. */
  private static final Set<String> FUSED =
      Set.of(
          "Attention",
          "MultiHeadAttention",
          "GroupQueryAttention",
          "PackedAttention",
          "PackedMultiHeadAttention",
          "DecoderAttention",
          "DecoderMaskedSelfAttention",
          "DecoderMaskedMultiHeadAttention",
          "QAttention",
          "QOrderedAttention",
          "LongformerAttention",
          "SparseAttention",
          "PagedAttention");

  private static final Set<String> BRANCHING = Set.of("If", "Loop", "Scan");

  private static final String EXPORT_AGAIN =
      "export it again with eager attention and without optimisation: `optimum-cli export onnx"
          + " --model ID FOLDER` without --optimize, or torch.onnx.export of a model loaded with"
          + " attn_implementation=\"eager\", with an opset below 23";

  private HiddenAttention() {}

  /** The fault of a graph in which no attention softmax was found. */
  static RolescopeException fault(OnnxGraph graph) {
    Optional<NodeProto> fused = first(graph, FUSED);
    if (fused.isPresent()) {
      String domain = fused.get().getDomain();
      return graph.malformed(
          "has fused attention (the operator %s of %s), whose patterns never leave the operator; %s"
              .formatted(
                  fused.get().getOpType(),
                  OnnxGraph.isStandard(domain) ? "ai.onnx" : domain,
                  EXPORT_AGAIN));
    }
    if (first(graph, BRANCHING).isPresent()) {
      return graph.malformed(
          "has its attention inside branches (the operator %s), as merged decoders have; give the decoder without a cache, or %s"
              .formatted(first(graph, BRANCHING).get().getOpType(), EXPORT_AGAIN));
    }
    return graph.malformed(
        "has no attention pattern: no Softmax over the last axis that feeds a MatMul; if it is a"
            + " transformer, "
            + EXPORT_AGAIN);
  }

  private static Optional<NodeProto> first(OnnxGraph graph, Set<String> operators) {
    return graph.nodes().stream().filter(node -> operators.contains(node.getOpType())).findFirst();
  }
}
