/**
 * Rows by layer, and kinds of entropy in words.
 *
 * @module
 */

/** A kind of entropy in words. @param {string} kind */
export function words(kind) {
  const kinds = {
    exact: 'Exact entropy', reference: "Entropy by the published study's estimator", length_normalised: 'Entropy over its maximum ln n',
    sink_excluded: 'Exact entropy without the first token', position_matched: 'Exact entropy of positions that every category has',
    norm_weighted: 'Entropy of attention weighted by value norms',
  };
  return kinds[/** @type {keyof typeof kinds} */ (kind)] ?? `Entropy (${kind.replaceAll('_', ' ')})`;
}

/** The name of an axis of entropies. @param {string} kind */
export function unit(kind) {
  return kind === 'length_normalised' ? 'entropy / ln n' : 'entropy (nats)';
}

/** Rows by layer, undefined where there is none. @template {{layer: number}} T @param {T[]} rows @param {number} layers */
export function ordered(rows, layers) {
  /** @type {(T|undefined)[]} */
  const byLayer = new Array(layers).fill(undefined);
  rows.forEach((row) => {
    byLayer[row.layer] = row;
  });
  return byLayer;
}

/** How many layers there are. @param {{layer: number}[]} rows */
export function layerCount(rows) {
  return rows.reduce((most, row) => Math.max(most, row.layer + 1), 0);
}
