/**
 * Attention pattern of a head in one model minus that in another, on the same tokens.
 *
 * @module
 */
import { colourEnd, drawn, endCaption, withoutFirstKey } from './pattern-matrix.js';
import { colours, emptyChart } from './theme.js';

export { size } from './pattern-matrix.js';

/** @typedef {import('./pattern-matrix.js').Matrix} Matrix */
/** @typedef {import('./pattern-matrix.js').MatrixSettings} MatrixSettings */

/** @param {[Matrix, Matrix]} data minuend (instruct), then subtrahend (base) @param {MatrixSettings} [settings] */
export function option(data, settings = {}) {
  const [minuend, subtrahend] = data;
  const title = 'Difference of attention patterns';
  if (minuend.size !== subtrahend.size || minuend.tokens.some((token, i) => token !== subtrahend.tokens[i])) {
    return emptyChart(settings, title, 'The two models cut this prompt into different tokens; their patterns cannot be subtracted.');
  }
  const palette = colours(settings);
  const [a, b] = data.map((matrix) => (matrix.withoutSink ? withoutFirstKey(matrix.pattern, matrix.size) : matrix.pattern));
  const values = a.map((v, i) => v - b[i]);
  const most = colourEnd(values, minuend.size);
  return drawn({
    tokens: minuend.tokens, size: minuend.size, values, settings, title, low: -most, high: most,
    ramp: [palette.low, palette.middle, palette.high],
    caption: `${minuend.size} tokens; instruct − base, weight of every key (across) for every query (down).${minuend.withoutSink ? ' Without the first token; the others add up to 1.' : ''}${endCaption(minuend.size)}`,
  });
}
