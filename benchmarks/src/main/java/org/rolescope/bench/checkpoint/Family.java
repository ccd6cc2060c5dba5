package org.rolescope.bench.checkpoint;

/** Families of the named shapes. */
enum Family {
  /** No biases. */
  LLAMA("llama", "LlamaForCausalLM"),
  /** As Llama, with a sliding window. */
  MISTRAL("mistral", "MistralForCausalLM"),
  /** Biases on queries, keys and values. */
  QWEN2("qwen2", "Qwen2ForCausalLM");

  private final String modelType;
  private final String className;

  Family(String modelType, String className) {
    this.modelType = modelType;
    this.className = className;
  }

  /** Value of {@code model_type}. */
  String modelType() {
    return modelType;
  }

  /** Value in {@code architectures}. */
  String className() {
    return className;
  }
}
