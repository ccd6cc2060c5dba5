/**
 * Rows by layer, and kinds of entropy in words.
 *
 * @module
 */
import { categoryName } from './theme.js';

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

/**
 * How many prompts of each category were measured, as the end of a clause; empty where that is not known.
 * @param {import('../api/types.js').Categories} data @param {import('../api/types.js').Part} part @param {string[]} categories
 */
export function counted(data, part, categories) {
  const counts = categories.flatMap((category) => {
    const row = data.rows.find((r) => r.part === part && r.category === category);
    return row ? [`${row.n} ${categoryName(category)}`] : [];
  });
  return counts.length === 0 ? '' : ` (n = ${counts.join(', ')} prompts)`;
}
