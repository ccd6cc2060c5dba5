/**
 * Attention patterns as they are sent.
 *
 * @module
 */

/** @typedef {import('./types.js').Pattern} Pattern */
/** @typedef {{pattern: Float32Array, size: number, tokens: string[]}} DecodedPattern axes [query][key], row-major */

/**
 * @param {Pattern} sent
 * @returns {DecodedPattern}
 * @throws {RangeError} where the bytes are not size × size numbers
 */
export function decodePattern({ pattern, size, tokens }) {
  const text = atob(pattern);
  // Plain loops: a pattern of 512 tokens has a million bytes, and Uint8Array.from would call a function for each.
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  if (bytes.length !== 4 * size * size || tokens.length !== size) {
    throw new RangeError(`A pattern of ${size} tokens came with ${bytes.length} bytes and ${tokens.length} tokens.`);
  }
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(size * size);
  for (let cell = 0; cell < values.length; cell++) {
    values[cell] = view.getFloat32(4 * cell, true);
  }
  return { pattern: values, size, tokens };
}

/**
 * Attention from one token and to it.
 *
 * @param {DecodedPattern} decoded
 * @param {number} token
 * @returns {{from: Float32Array, to: Float32Array}} `from[key]`: of the token as query; `to[query]`: to the token as key
 */
export function attentionOf({ pattern, size }, token) {
  return {
    from: pattern.slice(token * size, (token + 1) * size),
    to: Float32Array.from({ length: size }, (_, query) => pattern[query * size + token]),
  };
}
