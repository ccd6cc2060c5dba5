/**
 * Attention of one token as two lists: where it looks, and who looks at it.
 *
 * @module
 */

import { attentionOf } from '../api/pattern.js';
import { number, signed, tokenText } from '../state/format.js';
import { h } from './dom.js';
import { plainTable } from './table.js';

/** @typedef {import('../api/pattern.js').DecodedPattern} DecodedPattern */

/** Longer lists hide what matters: tokens with the most attention come first, and these many are listed. */
const MOST = 24;

/**
 * @param {number} token
 * @param {{name: string, decoded: DecodedPattern}[]} named patterns of the same tokens
 */
export function tokenAttention(token, named) {
  const text = tokenText(named[0].decoded.tokens[token]);
  return h(
    'div',
    { class: 'columns' },
    list(`“${text}” attends to`, 'from', token, named),
    list(`“${text}” is attended by`, 'to', token, named),
  );
}

/**
 * @param {string} title
 * @param {'from'|'to'} direction
 * @param {number} token
 * @param {{name: string, decoded: DecodedPattern}[]} named
 */
function list(title, direction, token, named) {
  const values = named.map(({ decoded }) => (token < decoded.size ? attentionOf(decoded, token)[direction] : new Float32Array()));
  const two = values.length === 2;
  const rows = named[0].decoded.tokens
    .map((text, index) => ({ text: `${index} ${tokenText(text)}`, own: values.map((one) => one[index] ?? 0) }))
    .filter(({ own }) => own.some((value) => value > 0))
    .sort((left, right) => Math.max(...right.own) - Math.max(...left.own));
  const table = plainTable(title, {
    columns: ['Token', ...named.map(({ name }) => name), ...(two ? ['Difference'] : [])],
    rows: rows
      .slice(0, MOST)
      .map(({ text, own }) => [text, ...own.map((value) => number(value, 3)), ...(two ? [signed(own[1] - own[0], 3)] : [])]),
  });
  return h('section', { class: `attention-${direction}` }, h('h4', null, title), table,
    rows.length > MOST && h('p', { class: 'note' }, `${MOST} of ${rows.length} tokens with the most attention.`));
}
