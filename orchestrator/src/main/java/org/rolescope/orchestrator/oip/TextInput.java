package org.rolescope.orchestrator.oip;

import com.google.protobuf.ByteString;
import java.util.List;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferRequest.InferInputTensor;

/** The one input: {@code text}, {@code BYTES} of shape [prompt], each element a prompt in UTF-8. */
final class TextInput {
  static final String NAME = "text";
  static final String DATATYPE = "BYTES";

  private TextInput() {}

  /**
   * Reads the prompts, from typed or raw contents.
   *
   * @param maxPrompts most prompts a request may have
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where they are not what the
   *     input says, or too many
   */
  static List<String> prompts(ModelInferRequest request, int maxPrompts) {
    InferInputTensor input = input(request);
    checkShape(input, maxPrompts);
    List<ByteString> elements = elements(request, input);
    Invalid.unless(
        elements.size() == input.getShape(0),
        "Input text has shape [%d] but %d elements; send one element a prompt",
        input.getShape(0),
        elements.size());
    for (int prompt = 0; prompt < elements.size(); prompt++) {
      Invalid.unless(
          elements.get(prompt).isValidUtf8(),
          "Prompt %d of input text is not UTF-8; encode it so",
          prompt);
    }
    return elements.stream().map(ByteString::toStringUtf8).toList();
  }

  private static InferInputTensor input(ModelInferRequest request) {
    List<String> names = request.getInputsList().stream().map(InferInputTensor::getName).toList();
    Invalid.unless(
        names.equals(List.of(NAME)), "There is one input, text, but the request has %s", names);
    InferInputTensor input = request.getInputs(0);
    Invalid.unless(
        input.getDatatype().equals(DATATYPE),
        "Input text is of datatype BYTES, not %s; send each prompt as UTF-8",
        input.getDatatype().isEmpty() ? "none" : input.getDatatype());
    Invalid.unless(
        input.getParametersCount() == 0,
        "Input text comes with parameters (%s), of which this server knows none; leave them out",
        String.join(", ", input.getParametersMap().keySet()));
    return input;
  }

  private static void checkShape(InferInputTensor input, int maxPrompts) {
    Invalid.unless(
        input.getShapeCount() == 1 && input.getShape(0) >= 1,
        "Input text has shape %s; it takes [n], n being the number of prompts",
        input.getShapeList());
    Invalid.unless(
        input.getShape(0) <= maxPrompts,
        "%d prompts are more than a request may have; send at most %d at a time",
        input.getShape(0),
        maxPrompts);
  }

  private static List<ByteString> elements(ModelInferRequest request, InferInputTensor input) {
    if (request.getRawInputContentsCount() == 0) {
      return input.getContents().getBytesContentsList();
    }
    Invalid.unless(
        request.getRawInputContentsCount() == 1 && !input.hasContents(),
        "Input text has %d raw contents%s; send its elements once",
        request.getRawInputContentsCount(),
        input.hasContents() ? " beside typed ones" : "");
    return RawElements.read(request.getRawInputContents(0));
  }
}
