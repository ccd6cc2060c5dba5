package org.rolescope.orchestrator.grpc;

import com.google.protobuf.ByteString;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.InferTensorContents;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferRequest.InferInputTensor;
import org.rolescope.openinference.ModelInferRequest.InferRequestedOutputTensor;

/** Requests for inference, and what they are made of. */
final class InferRequests {
  private InferRequests() {}

  /**
   * Asks the model {@code tiny-base} for one output of the prompts; empty for what it gives
   * unasked.
   */
  static ModelInferRequest.Builder request(String output, String... prompts) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (String prompt : prompts) {
      contents.addBytesContents(ByteString.copyFromUtf8(prompt));
    }
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName("tiny-base")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("text")
                    .setDatatype("BYTES")
                    .addShape(prompts.length)
                    .setContents(contents));
    return output.isEmpty() ? request : request.addOutputs(output(output));
  }

  static InferRequestedOutputTensor output(String name) {
    return InferRequestedOutputTensor.newBuilder().setName(name).build();
  }

  static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  static InferParameter number(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }
}
