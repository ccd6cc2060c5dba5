package org.rolescope.orchestrator.oip;

import java.util.Locale;
import org.rolescope.openinference.InferParameter;
import org.rolescope.openinference.ModelInferRequest;
import org.rolescope.openinference.ModelInferResponse;
import org.rolescope.openinference.ModelInferResponse.InferOutputTensor;
import org.rolescope.openinference.ModelMetadataResponse;
import org.rolescope.openinference.ModelMetadataResponse.TensorMetadata;
import org.rolescope.orchestrator.runstore.RuntimeNames;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;

/** Answers as the protocol has them. */
final class InferMessages {
  private static final String PLATFORM = "rolescope_onnx";

  private InferMessages() {}

  /** Inputs and outputs of a model. */
  static ModelMetadataResponse metadata(Model model) {
    ModelOutputs outputs = new ModelOutputs(model);
    ModelMetadataResponse.Builder metadata =
        ModelMetadataResponse.newBuilder()
            .setName(model.getName())
            .addVersions(ModelVersion.of(model))
            .setPlatform(PLATFORM)
            .addInputs(
                TensorMetadata.newBuilder()
                    .setName(TextInput.NAME)
                    .setDatatype(TextInput.DATATYPE)
                    .addShape(Sizes.VARIABLE));
    outputs.forEach(
        (name, output) ->
            metadata.addOutputs(
                TensorMetadata.newBuilder()
                    .setName(name)
                    .setDatatype(output.datatype().name())
                    .addAllShape(output.shape(Sizes.of(model)))));
    return metadata.build();
  }

  /** A filled answer, with what a result must record of the model and the prompts. */
  static ModelInferResponse response(
      ModelInferRequest request, InferOptions options, Answer answer) {
    CaptureStarted start = answer.start();
    Model model = start.getModel();
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(model.getName())
            .setModelVersion(ModelVersion.of(model))
            .setId(request.getId())
            .putParameters("digest", text(model.getDigest()))
            .putParameters("parity", text(parity(model.getParity())))
            .putParameters("runtime", text(start.getRuntime()))
            .putParameters("device", text(RuntimeNames.device(model)))
            .putParameters("compute_type", text(RuntimeNames.computeType(model)))
            .putParameters(InferOptions.BOS, text(options.promptOptions().bos().text()))
            .putParameters(
                InferOptions.CHAT_TEMPLATE,
                InferParameter.newBuilder()
                    .setBoolParam(options.promptOptions().chatTemplate())
                    .build());
    for (OutputTensor tensor : answer.tensors()) {
      response
          .addOutputs(
              InferOutputTensor.newBuilder()
                  .setName(tensor.name())
                  .setDatatype(tensor.output().datatype().name())
                  .addAllShape(tensor.shape()))
          .addRawOutputContents(tensor.bytes());
    }
    return response.build();
  }

  /** {@code unverified}, {@code supported}, {@code degraded} or {@code wrong}. */
  private static String parity(Parity parity) {
    return parity.name().replace("PARITY_", "").toLowerCase(Locale.ROOT);
  }

  private static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }
}
