package org.rolescope.orchestrator.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.InferTensorContents;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferRequest.InferInputTensor;

final class TextInputTest {
  private static final int MAX_PROMPTS = 3;
  private static final List<String> PROMPTS = List.of("Who are you?", "", "Grüße, 世界");

  @Test
  void typedAndRawContentsAreTheSamePrompts() {
    assertThat(read(typed(PROMPTS.toArray(String[]::new)))).isEqualTo(PROMPTS);
    ByteBuffer raw = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    for (String prompt : PROMPTS) {
      ByteString bytes = ByteString.copyFromUtf8(prompt);
      raw.putInt(bytes.size()).put(bytes.asReadOnlyByteBuffer());
    }
    assertThat(read(raw(3, ByteString.copyFrom(raw.flip())))).isEqualTo(PROMPTS);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatDoesNotFitIsRefused(ModelInferRequest.Builder request, String words) {
    assertThatThrownBy(() -> read(request))
        .isInstanceOfSatisfying(
            RolescopeException.class,
            fault -> assertThat(fault.code()).isEqualTo(FaultCode.INVALID_ARGUMENT))
        .hasMessageContaining(words);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(ModelInferRequest.newBuilder(), "the request has []"),
        Arguments.of(with(input().setName("ids")), "the request has [ids]"),
        Arguments.of(typed("A").addInputs(input()), "the request has [text, text]"),
        Arguments.of(
            with(input().setDatatype("FP32").addShape(1)), "is of datatype BYTES, not FP32"),
        Arguments.of(with(input().clearDatatype().addShape(1)), "not none"),
        Arguments.of(with(input()), "has shape []"),
        Arguments.of(with(input().addShape(0)), "has shape [0]"),
        Arguments.of(with(input().addShape(-1)), "has shape [-1]"),
        Arguments.of(with(input().addShape(1).addShape(1)), "has shape [1, 1]"),
        Arguments.of(typed("A", "B", "C", "D"), "4 prompts are more"),
        Arguments.of(with(input().addShape(Long.MAX_VALUE)), "are more than a request may have"),
        Arguments.of(with(input().addShape(2)), "shape [2] but 0 elements"),
        Arguments.of(raw(1, ByteString.EMPTY), "shape [1] but 0 elements"),
        Arguments.of(raw(1, bytes(1, 0, 0)), "within element 0, at byte 3"),
        Arguments.of(raw(1, bytes(2, 0, 0, 0, 'A')), "within element 0, at byte 5"),
        Arguments.of(raw(2, bytes(1, 0, 0, 0, 'A', 0)), "within element 1, at byte 6"),
        Arguments.of(raw(1, bytes(255, 255, 255, 255, 'A')), "within element 0"),
        Arguments.of(raw(1, bytes(1, 0, 0, 0, 0xff)), "Prompt 0 of input text is not UTF-8"),
        Arguments.of(raw(1, ByteString.EMPTY).addRawInputContents(ByteString.EMPTY), "2 raw"),
        Arguments.of(typed("A").addRawInputContents(bytes(1, 0, 0, 0, 'A')), "beside typed ones"),
        Arguments.of(
            with(
                input()
                    .addShape(1)
                    .putParameters("shared_memory_region", InferParameter.getDefaultInstance())),
            "parameters (shared_memory_region)"));
  }

  private static List<String> read(ModelInferRequest.Builder request) {
    return TextInput.prompts(request.build(), MAX_PROMPTS);
  }

  private static ModelInferRequest.Builder typed(String... prompts) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    Stream.of(prompts).map(ByteString::copyFromUtf8).forEach(contents::addBytesContents);
    return with(input().addShape(prompts.length).setContents(contents));
  }

  private static ModelInferRequest.Builder raw(int prompts, ByteString contents) {
    return with(input().addShape(prompts)).addRawInputContents(contents);
  }

  private static ModelInferRequest.Builder with(InferInputTensor.Builder input) {
    return ModelInferRequest.newBuilder().addInputs(input);
  }

  private static InferInputTensor.Builder input() {
    return InferInputTensor.newBuilder().setName("text").setDatatype("BYTES");
  }

  private static ByteString bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return ByteString.copyFrom(bytes.flip());
  }
}
