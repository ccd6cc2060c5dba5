/**
 * Numbers, sizes and times as text. A number that does not exist is a dash.
 *
 * @module
 */

/** @typedef {import('../api/types.js').Estimate} Estimate */

export const NONE = '–';

/**
 * @param {number|null|undefined} value
 * @param {number} [digits] after the point
 * @returns {string}
 */
export function number(value, digits = 4) {
  return value === null || value === undefined || Number.isNaN(value) ? NONE : minus(value.toFixed(digits));
}

/**
 * With its sign, for differences.
 *
 * @param {number|null|undefined} value
 * @param {number} [digits]
 */
export function signed(value, digits = 4) {
  const text = number(value, digits);
  return value && value > 0 ? '+' + text : text;
}

/**
 * A value with its 95% interval.
 *
 * @param {Estimate|null|undefined} estimate
 * @param {number} [digits]
 */
export function estimate(estimate, digits = 4) {
  if (!estimate || estimate.value === null) {
    return NONE;
  }
  const interval = estimate.low === null ? '' : ` [${number(estimate.low, digits)}, ${number(estimate.high, digits)}]`;
  return number(estimate.value, digits) + interval;
}

/**
 * @param {number} size bytes
 * @returns {string} in kB or MB, decimal
 */
export function bytes(size) {
  if (size < 1000) {
    return `${size} B`;
  }
  return size < 1e6 ? `${(size / 1e3).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

/**
 * @param {string|null} time RFC 3339
 * @returns {string} to the minute, in UTC, so that it is the same for everyone
 */
export function time(time) {
  return time ? time.slice(0, 16).replace('T', ' ') + ' UTC' : NONE;
}

/** @param {string} part */
export function partName(part) {
  return { base: 'Base', instruct: 'Instruct', single: 'Model' }[part] ?? part;
}

/**
 * A token of a vocabulary as people read it: the blank that marks the start of a word becomes one.
 *
 * @param {string} token
 */
export function tokenText(token) {
  return token.replaceAll('Ġ', ' ').replaceAll('▁', ' ').replaceAll('Ċ', '⏎').trim() || '␣';
}

/** @param {string} text */
function minus(text) {
  return text.replace(/^-(?=.*[1-9])/, '−').replace(/^-/, '');
}
