package org.rolescope.export.gguf;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The families of models whose files are read, as llama.cpp names them. */
enum GgufFamily {
  /** Llama and what is built like it; Mistral too, which llama.cpp does not tell apart. */
  LLAMA("llama", "LlamaForCausalLM", true),
  /** Qwen 2 and 2.5. */
  QWEN2("qwen2", "Qwen2ForCausalLM", false),
  /** Qwen 3. */
  QWEN3("qwen3", "Qwen3ForCausalLM", false);

  private static final String KEY = "general.architecture";

  private final String architecture;
  private final String className;
  private final boolean interleaved;

  GgufFamily(String architecture, String className, boolean interleaved) {
    this.architecture = architecture;
    this.className = className;
    this.interleaved = interleaved;
  }

  /** Its name in the metadata, which begins its keys; also its {@code model_type}. */
  String architecture() {
    return architecture;
  }

  /** Its class in {@code architectures} of a {@code config.json}. */
  String className() {
    return className;
  }

  /** Whether the converter interleaved the rows of queries and keys. */
  boolean isInterleaved() {
    return interleaved;
  }

  /** The family of a file. */
  static GgufFamily of(Metadata metadata) {
    String found = metadata.requiredText(KEY);
    return Arrays.stream(values())
        .filter(family -> family.architecture.equals(found))
        .findFirst()
        .orElseThrow(
            () ->
                Defect.unsupported(
                    metadata.file(),
                    "holds a model of the architecture %s".formatted(found),
                    "architectures that can be read are "
                        + Arrays.stream(values())
                            .map(GgufFamily::architecture)
                            .collect(Collectors.joining(", "))));
  }
}
