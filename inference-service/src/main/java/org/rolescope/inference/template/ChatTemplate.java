package org.rolescope.inference.template;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * The chat template of a model, in Jinja as Hugging Face transformers renders it.
 *
 * @param text the template
 * @param specialTokens special tokens by the name templates know them by, for example {@code
 *     bos_token}; one that is missing is undefined in the template
 */
public record ChatTemplate(String text, Map<String, String> specialTokens) {
  /** Copies the tokens. */
  public ChatTemplate {
    requireNonNull(text, "text is null");
    specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * Renders each prompt as the only message of a conversation, from the user, followed by the words
   * that open an answer. The same template and prompt always give the same text: for a template
   * that asks for today's date, today is 26 July 2024.
   *
   * @param prompts the prompts
   * @return one text a prompt, in order
   * @throws org.rolescope.fault.RolescopeException INVALID_ARGUMENT where the template is not valid
   *     Jinja, fails, refuses a prompt, or does more than it may
   */
  public List<String> render(List<String> prompts) {
    return TemplateSandbox.render(this, prompts);
  }
}
