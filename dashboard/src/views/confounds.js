/**
 * What may stand behind a difference besides roles.
 *
 * @module
 */

import { number, signed } from '../state/format.js';
import { h } from './dom.js';
import { plainTable } from './table.js';

/** @param {import('../api/types.js').RunDetail} detail */
export function confounds({ confounds: report }) {
  if (!report) {
    return h('section', null, h('h2', null, 'Confounds'), h('p', { class: 'empty' }, 'There is no report on confounds for this run.'));
  }
  const { lengths = [], rfc_balance, rsi_balance, layers = [], verdict = '' } = /** @type {any} */ (report);
  const two = layers.some((/** @type {any} */ layer) => layer.instruct);
  return h(
    'section',
    { class: 'confounds' },
    h('h2', null, 'Confounds'),
    String(verdict).split('\n').filter(Boolean).map((text) => h('p', null, text)),
    h('h3', null, 'Lengths of prompts'),
    plainTable('Lengths of prompts', {
      columns: ['Category', 'Prompts', 'Mean tokens', 'Shortest', 'Longest'],
      rows: lengths.map((/** @type {any} */ one) => [one.category, one.prompt_count, number(one.mean_tokens, 2), one.min_tokens, one.max_tokens]),
    }),
    h('p', null, balance('RFC', 'neutral', rfc_balance), ' ', balance('RSI', 'confounder', rsi_balance)),
    h('h3', null, 'First token and degenerate heads'),
    plainTable('First token and degenerate heads', {
      columns: ['Layer', 'Attention to first token', ...(two ? ['Same, instruct'] : []), 'Degenerate heads', ...(two ? ['Same, instruct'] : [])],
      rows: layers.map((/** @type {any} */ { layer, base, instruct }) => [
        layer,
        number(base?.sink_mass, 3),
        ...(two ? [number(instruct?.sink_mass, 3)] : []),
        heads(base),
        ...(two ? [heads(instruct)] : []),
      ]),
    }),
  );
}

/**
 * @param {string} index
 * @param {string} other
 * @param {any} balance
 */
function balance(index, other, balance) {
  if (!balance) {
    return '';
  }
  const { difference_tokens: difference, p_value: p, balanced } = balance;
  return `${index}: self prompts differ from ${other} ones by ${signed(difference, 2)} tokens on average (Mann-Whitney p = ${number(p)}): ${balanced ? 'balanced' : 'not balanced'}.`;
}

/** @param {any} model */
function heads(model) {
  return model?.degenerate_heads?.length > 0 ? model.degenerate_heads.join(', ') : 'none';
}
