package org.rolescope.export.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GraphBuilderTest {
  private final GraphBuilder graph = new GraphBuilder("test");
  private final Value input = graph.input("x", ElementType.FLOAT32, Dimension.named("row"));

  @Test
  void modelNamesItsMakerAndOperatorSet() {
    graph.output(graph.apply(Operator.SIGMOID, "y", input), ElementType.FLOAT32, Dimension.of(3));
    OnnxMl.ModelProto model = graph.build("1.2.3");
    assertEquals("rolescope", model.getProducerName());
    assertEquals("1.2.3", model.getProducerVersion());
    assertEquals(17, model.getOpsetImport(0).getVersion());
    assertEquals(8, model.getIrVersion());
    assertEquals("y", model.getGraph().getOutput(0).getName());
  }

  @Test
  void equalConstantsAreOneValue() {
    assertEquals(graph.integers(-1, 8), graph.integers(-1, 8));
    assertEquals(graph.scalar(0.5f), graph.scalar(0.5f));
    assertEquals(2, graph.build("1").getGraph().getInitializerCount());
  }

  @Test
  void wrongArityIsRejected() {
    assertRejected(() -> graph.apply(Operator.ADD, "y", input), "takes 2 to 2 inputs");
  }

  @Test
  void unknownAttributeIsRejected() {
    assertRejected(() -> Operator.ADD.with(Attribute.of("axis", 1)), "has no attribute axis");
  }

  @Test
  void undefinedValueIsRejected() {
    assertRejected(
        () -> graph.apply(Operator.SIGMOID, "y", new Value("nowhere")), "no value nowhere");
  }

  @Test
  void nameInUseIsRejected() {
    assertRejected(() -> graph.apply(Operator.SIGMOID, "x", input), "already has a value x");
  }

  private static void assertRejected(Executable action, String expected) {
    IllegalArgumentException fault = assertThrows(IllegalArgumentException.class, action);
    assertTrue(fault.getMessage().contains(expected), fault.getMessage());
  }
}
