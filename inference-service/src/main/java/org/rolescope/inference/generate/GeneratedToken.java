package org.rolescope.inference.generate;

/**
 * One generated token.
 *
 * @param id its id
 * @param spelling the token as the vocabulary spells it
 * @param text text that is certain with it and was not before
 * @param logProbability natural logarithm of its probability at temperature 1
 */
public record GeneratedToken(int id, String spelling, String text, double logProbability) {}
