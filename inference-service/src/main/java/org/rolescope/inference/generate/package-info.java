/**
 * Generation: a prompt is continued token by token. {@code Generation} is the loop; {@code
 * CachedPass} gives the logits of the next token, {@code TokenSampler} picks it, {@code AnswerText}
 * makes text of what was picked. Knows stages and tensors, not ONNX Runtime and not gRPC.
 */
package org.rolescope.inference.generate;
