/**
 * The data behind each chart as a table, for who cannot see it or wants the numbers.
 *
 * @module
 */

import { headValue } from '../charts/head-heatmap.js';
import { estimate, number, partName, signed } from '../state/format.js';
import { sorted } from '../state/sort.js';

/** @typedef {import('./table.js').PlainTable} PlainTable */
/** @typedef {import('../api/types.js').Part} Part */
/** @typedef {import('../api/types.js').Layers} Layers */
/** @typedef {import('../api/types.js').Heads} Heads */

/**
 * @param {{value?: number|null, mean?: number|null, low: number|null, high: number|null}|null|undefined} row
 */
function interval(row) {
  return row ? estimate({ value: row.value ?? row.mean ?? null, low: row.low, high: row.high }) : estimate(null);
}

/** @param {import('../api/types.js').Categories} data @param {Part} part @returns {PlainTable} */
export function categoryTable(data, part) {
  const rows = data.rows.filter((row) => row.part === part);
  const layers = [...new Set(rows.map((row) => row.layer))];
  const cell = (/** @type {number} */ layer, /** @type {string} */ category) =>
    interval(rows.find((row) => row.layer === layer && row.category === category));
  return {
    columns: ['Layer', ...data.categories.map((category) => `${category}, nats [95% CI]`)],
    rows: layers.map((layer) => [layer, ...data.categories.map((category) => cell(layer, category))]),
  };
}

/** @param {import('../api/types.js').Categories} data @param {Part} part @returns {PlainTable} */
export function differenceTable(data, part) {
  const rows = data.differences.filter((row) => row.part === part);
  const names = [...new Set(rows.map((row) => `${row.minuend} − ${row.subtrahend}`))];
  const cell = (/** @type {number} */ layer, /** @type {string} */ name) =>
    interval(rows.find((row) => row.layer === layer && `${row.minuend} − ${row.subtrahend}` === name));
  return {
    columns: ['Layer', ...names.map((name) => `${name}, nats [95% CI]`)],
    rows: [...new Set(rows.map((row) => row.layer))].map((layer) => [layer, ...names.map((name) => cell(layer, name))]),
  };
}

/** @param {Heads} data @param {any} value @param {Part} part @returns {PlainTable} rows are layers, columns heads */
export function headMapTable(data, value, part) {
  const cells = new Map(data.heads.map((row) => [row.layer * data.head_count + row.head, number(headValue(row, value, part))]));
  const heads = Array.from({ length: data.head_count }, (_, head) => head);
  return {
    columns: ['Layer', ...heads.map((head) => `Head ${head}`)],
    rows: Array.from({ length: data.layer_count }, (_, layer) => [
      layer,
      ...heads.map((head) => cells.get(layer * data.head_count + head) ?? number(null)),
    ]),
  };
}

/** @param {Heads} data @param {Part} part @returns {PlainTable} */
export function headTable(data, part) {
  const rows = data.heads.filter((row) => row.parts[part]);
  const difference = (/** @type {any} */ row) => Math.abs(headValue(row, 'self_minus_confounder', part) ?? NaN);
  return {
    columns: ['Head', 'H self − H confounder, nats', 'H self, nats', 'H neutral, nats', 'H confounder, nats', 'Cohen’s d'],
    rows: sorted(rows, difference, 'descending').map((row) => {
      const own = row.parts[part];
      return [
        `${row.layer}.${row.head}`,
        signed(headValue(row, 'self_minus_confounder', part)),
        number(own?.self_nats),
        number(own?.neutral_nats),
        number(own?.confounder_nats),
        number(own?.cohens_d, 2),
      ];
    }),
  };
}

/** @param {import('../api/types.js').KeyAttention} data @param {Part} part @returns {PlainTable} */
export function keyTable(data, part) {
  return {
    columns: ['Head', 'Category', 'First three tokens', 'Last three tokens'],
    rows: data.rows
      .filter((row) => row.part === part)
      .map((row) => [`${row.layer}.${row.head}`, row.category, number(row.first), number(row.last)]),
  };
}

/** @param {Layers} data @returns {PlainTable} */
export function indexTable(data) {
  return {
    columns: ['Layer', ...data.parts.flatMap((part) => [`RFC, ${partName(part)} [95% CI]`, `RSI, ${partName(part)} [95% CI]`])],
    rows: data.layers.map((row) => [
      row.layer,
      ...data.parts.flatMap((part) => [estimate(row.parts[part]?.rfc.ratio_of_sums), estimate(row.parts[part]?.rsi.ratio_of_sums)]),
    ]),
  };
}

/** @param {Layers} data @returns {PlainTable} */
export function indexDifferenceTable(data) {
  return {
    columns: ['Layer', 'ΔRFC [95% CI]', 'q of ΔRFC', 'ΔRSI [95% CI]', 'q of ΔRSI', 'Unstable'],
    rows: data.layers.map(({ layer, difference, unstable }) => [
      layer,
      estimate(difference?.rfc.ratio_of_sums),
      number(difference?.rfc.q_value),
      estimate(difference?.rsi.ratio_of_sums),
      number(difference?.rsi.q_value),
      unstable ? 'yes' : 'no',
    ]),
  };
}

/** @param {{heads: {row: import('../api/types.js').HeadRow, entropies: import('../api/types.js').HeadEntropies}[], prompts: import('../api/types.js').PromptInfo[]}} data @param {Part} part @returns {PlainTable} */
export function entropyTable({ heads, prompts }, part) {
  return {
    columns: ['Prompt', 'Category', ...heads.map(({ row }) => `Head ${row.layer}.${row.head}, nats`)],
    rows: prompts.map((prompt) => [
      prompt.text,
      prompt.category,
      ...heads.map(({ entropies }) => number(entropies.parts[part]?.[prompt.index])),
    ]),
  };
}
