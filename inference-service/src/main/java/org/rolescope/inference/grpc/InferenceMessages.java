package org.rolescope.inference.grpc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.rolescope.fault.FaultCode;
import org.rolescope.fault.RolescopeException;
import org.rolescope.inference.catalog.CatalogModel;
import org.rolescope.inference.forward.CaptureSelection;
import org.rolescope.inference.session.ComputeType;
import org.rolescope.inference.session.Device;
import org.rolescope.inference.session.Execution;
import org.rolescope.inference.session.OnnxRuntime;
import org.rolescope.inference.tokenizer.BosPolicy;
import org.rolescope.inference.tokenizer.PromptOptions;
import org.rolescope.inference.tokenizer.TokenizedPrompt;
import org.rolescope.tensors.bundle.BundleManifest;
import org.rolescope.tensors.bundle.ModelDimensions;
import org.rolescope.tensors.bundle.ParityCertificate;
import org.rolescope.v1.AttentionKind;
import org.rolescope.v1.CaptureRequest;
import org.rolescope.v1.CaptureResponse;
import org.rolescope.v1.CaptureStarted;
import org.rolescope.v1.Model;
import org.rolescope.v1.Parity;
import org.rolescope.v1.Tap;

/** Translates between the contract and the domain. */
final class InferenceMessages {
  private InferenceMessages() {}

  static Model model(CatalogModel model, Execution execution) {
    ModelDimensions dimensions = model.manifest().dimensions();
    return Model.newBuilder()
        .setName(model.name())
        .setArchitecture(dimensions.architecture())
        .setDigest(model.manifest().digest())
        .setLayerCount(dimensions.layerCount())
        .setHeadCount(dimensions.headCount())
        .setKeyValueHeadCount(dimensions.keyValueHeadCount())
        .setHeadSize(dimensions.headSize())
        .setHiddenSize(dimensions.hiddenSize())
        .setVocabularySize(dimensions.vocabularySize())
        .setContextLength(dimensions.contextLength())
        .setParameterCount(dimensions.parameterCount())
        .addAllTaps(taps(model))
        .setParity(parity(model.manifest().certificate(), execution))
        .setAttention(attention(model.manifest().attention()))
        .addAllQuantisation(model.manifest().quantisation())
        .setDevice(device(execution.device()))
        .setComputeType(computeType(execution.computeType()))
        .build();
  }

  private static AttentionKind attention(org.rolescope.tensors.bundle.AttentionKind attention) {
    return switch (attention) {
      case CAUSAL -> AttentionKind.ATTENTION_KIND_CAUSAL;
      case BIDIRECTIONAL -> AttentionKind.ATTENTION_KIND_BIDIRECTIONAL;
    };
  }

  /** What was found elsewhere, on another device, says nothing of this one. */
  private static Parity parity(ParityCertificate certificate, Execution execution) {
    if (certificate == null
        || !certificate.holdsOn(execution.device().label(), execution.computeType().label())) {
      return Parity.PARITY_UNVERIFIED;
    }
    return switch (certificate.verdict()) {
      case SUPPORTED -> Parity.PARITY_SUPPORTED;
      case DEGRADED -> Parity.PARITY_DEGRADED;
      case WRONG -> Parity.PARITY_WRONG;
    };
  }

  static CaptureResponse started(
      CatalogModel model,
      List<TokenizedPrompt> prompts,
      PromptOptions options,
      Execution execution) {
    CaptureStarted.Builder started =
        CaptureStarted.newBuilder()
            .setModel(model(model, execution))
            .setRuntime(OnnxRuntime.nameAndVersion())
            .setPromptOptions(promptOptions(options))
            .setBeginToken(beginToken(prompts));
    prompts.forEach(
        prompt ->
            started
                .addPromptsBuilder()
                .addAllTokenIds(prompt.tokenIds())
                .addAllTokens(prompt.tokens())
                .setRendered(prompt.rendered().orElse("")));
    return CaptureResponse.newBuilder().setStarted(started).build();
  }

  private static org.rolescope.v1.Device device(Device device) {
    return switch (device) {
      case CPU -> org.rolescope.v1.Device.DEVICE_CPU;
      case CUDA -> org.rolescope.v1.Device.DEVICE_CUDA;
      case COREML -> org.rolescope.v1.Device.DEVICE_COREML;
    };
  }

  private static org.rolescope.v1.ComputeType computeType(ComputeType type) {
    return switch (type) {
      case FLOAT32 -> org.rolescope.v1.ComputeType.COMPUTE_TYPE_FLOAT32;
      case FLOAT16 -> org.rolescope.v1.ComputeType.COMPUTE_TYPE_FLOAT16;
    };
  }

  private static String beginToken(List<TokenizedPrompt> prompts) {
    return prompts.stream().allMatch(prompt -> prompt.beginToken().isPresent())
        ? prompts.getFirst().beginToken().orElse("")
        : "";
  }

  static PromptOptions promptOptions(org.rolescope.v1.PromptOptions message) {
    BosPolicy bos =
        switch (message.getBos()) {
          case BOS_POLICY_UNSPECIFIED, BOS_POLICY_AUTO -> BosPolicy.AUTO;
          case BOS_POLICY_ALWAYS -> BosPolicy.ALWAYS;
          case BOS_POLICY_NEVER -> BosPolicy.NEVER;
          case UNRECOGNIZED ->
              throw new RolescopeException(
                  FaultCode.INVALID_ARGUMENT,
                  "An unknown policy for the begin token is asked for; ask for one of BosPolicy");
        };
    return new PromptOptions(bos, message.getChatTemplate());
  }

  private static org.rolescope.v1.PromptOptions promptOptions(PromptOptions options) {
    return org.rolescope.v1.PromptOptions.newBuilder()
        .setBos(
            switch (options.bos()) {
              case AUTO -> org.rolescope.v1.BosPolicy.BOS_POLICY_AUTO;
              case ALWAYS -> org.rolescope.v1.BosPolicy.BOS_POLICY_ALWAYS;
              case NEVER -> org.rolescope.v1.BosPolicy.BOS_POLICY_NEVER;
            })
        .setChatTemplate(options.chatTemplate())
        .build();
  }

  static CaptureSelection selection(CaptureRequest request, BundleManifest manifest) {
    int lastLayer = manifest.dimensions().layerCount() - 1;
    int first = request.hasLayers() ? request.getLayers().getFirst() : 0;
    int last = request.hasLayers() ? request.getLayers().getLast() : lastLayer;
    CaptureSelection selection =
        new CaptureSelection(
            request.getTapsList().stream()
                .map(InferenceMessages::tapName)
                .collect(Collectors.toUnmodifiableSet()),
            first,
            last);
    selection.check(manifest);
    return selection;
  }

  private static List<Tap> taps(CatalogModel model) {
    List<Tap> taps = new ArrayList<>();
    for (Tap tap : Tap.values()) {
      if (tap != Tap.TAP_UNSPECIFIED
          && tap != Tap.UNRECOGNIZED
          && offers(model.manifest(), tapName(tap))) {
        taps.add(tap);
      }
    }
    return taps;
  }

  private static boolean offers(BundleManifest manifest, String tapName) {
    if (tapName.equals(CaptureSelection.VALUE_NORM)) {
      return manifest.offersValueNorms();
    }
    if (tapName.equals(CaptureSelection.MLP_OUT)) {
      return !manifest.holdsWholeModel();
    }
    return manifest.stages().stream()
        .flatMap(stage -> stage.taps().stream())
        .anyMatch(tap -> tap.name().equals(tapName));
  }

  private static String tapName(Tap tap) {
    return switch (tap) {
      case TAP_PATTERN -> "pattern";
      case TAP_Z -> "z";
      case TAP_MLP_OUT -> CaptureSelection.MLP_OUT;
      case TAP_RESID_POST -> "resid_post";
      case TAP_LOGITS -> CaptureSelection.LOGITS;
      case TAP_VALUE_NORM -> CaptureSelection.VALUE_NORM;
      case TAP_UNSPECIFIED, UNRECOGNIZED ->
          throw new RolescopeException(
              FaultCode.INVALID_ARGUMENT,
              "An unknown tap is asked for; ask for value_norm, pattern, z, mlp_out, resid_post or logits");
    };
  }
}
