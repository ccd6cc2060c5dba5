/**
 * The figures of a run: nine of each model, two of both.
 *
 * @module
 */

import * as confounderDelta from '../charts/confounder-delta.js';
import * as crossTokenControl from '../charts/cross-token-control.js';
import * as entropyViolins from '../charts/entropy-violins.js';
import * as headHeatmap from '../charts/head-heatmap.js';
import * as layerDeltas from '../charts/layer-deltas.js';
import * as layerEntropyLines from '../charts/layer-entropy-lines.js';
import * as rfcRsiComparison from '../charts/rfc-rsi-comparison.js';
import * as rfcRsiDifferences from '../charts/rfc-rsi-differences.js';
import * as roleFocusSeparation from '../charts/role-focus-separation.js';
import * as tokenAttention from '../charts/token-attention.js';
import * as topHeads from '../charts/top-heads.js';
import { partName } from '../state/format.js';
import { oneOf } from '../state/route.js';
import { figure } from './chart.js';
import * as tables from './chart-tables.js';
import { choice, h } from './dom.js';
import { chartSettings } from './run-header.js';

/** @typedef {import('../api/types.js').Part} Part */
/** @typedef {Awaited<ReturnType<typeof dataOf>>} Data */

/**
 * @param {import('../api/types.js').RunDetail} detail
 * @param {import('../api/api.js').Api} api
 * @param {(query: Record<string, any>) => void} change
 */
export async function runFigures(detail, api, change) {
  const data = await dataOf(detail.run.id, api);
  const { parts } = data.layers;
  const settings = chartSettings(detail);
  const part = choice('Model', parts.map((one) => ({ value: one, text: partName(one) })), parts[0], (to) => change({ part: to }));
  const both = parts.length > 1 ? ofBoth(data, settings) : [];
  const grid = h('div', { class: 'figures', id: 'figures' });
  /** @type {ReturnType<typeof figure>[]} */
  let own = [];
  /** @type {Part|null} */
  let shown = null;
  const element = h(
    'section',
    null,
    h('h2', null, 'Figures'),
    both.length > 0 && h('div', { class: 'figures', id: 'comparison' }, both.map((one) => one.element)),
    parts.length > 1 && h('div', { class: 'controls' }, part.element),
    grid,
  );
  return {
    element,
    /** @param {import('../state/route.js').Route} route */
    async update(route) {
      const next = oneOf(route, 'part', parts, parts[parts.length - 1]);
      part.select.value = next;
      if (next === shown) {
        return;
      }
      shown = next;
      const heads = entropyViolins.mostSeparated(data.heads.heads, next);
      const entropies = await Promise.all(heads.map(({ layer, head }) => api.entropies(detail.run.id, layer, head)));
      const violins = { heads: heads.map((row, place) => ({ row, entropies: entropies[place] })), prompts: detail.prompts };
      own.forEach((one) => one.close());
      own = ofPart(data, violins, next, settings);
      grid.replaceChildren(...own.map((one) => one.element));
    },
    close: () => [...both, ...own].forEach((one) => one.close()),
  };
}

/**
 * @param {string} id
 * @param {import('../api/api.js').Api} api
 */
async function dataOf(id, api) {
  const [layers, categories, heads] = await Promise.all([api.layers(id), api.categories(id), api.heads(id)]);
  const keys = await api.keyAttention(id, Array.from({ length: heads.layer_count }, (_, layer) => layer));
  return { layers, categories, heads, keys };
}

/** @param {Data} data @param {Record<string, any>} settings */
function ofBoth({ layers }, settings) {
  return [
    figure('RFC and RSI, base and instruct', { module: rfcRsiComparison, data: layers, settings }, () => tables.indexTable(layers)),
    figure('RFC and RSI, instruct minus base', { module: rfcRsiDifferences, data: layers, settings }, () => tables.indexDifferenceTable(layers)),
  ];
}

/**
 * @param {Data} data
 * @param {any} violins
 * @param {Part} part
 * @param {Record<string, any>} shared
 */
function ofPart({ layers, categories, heads, keys }, violins, part, shared) {
  const settings = { ...shared, part };
  const draw = (/** @type {import('./chart.js').ChartModule} */ module, /** @type {any} */ data, more = {}) => ({
    module,
    data,
    settings: { ...settings, ...more },
  });
  const maps = { values: ['self_minus_neutral', 'self_minus_confounder'] };
  return [
    figure('1. Entropy by layer', draw(layerEntropyLines, categories), () => tables.categoryTable(categories, part)),
    figure('2. Entropy differences of heads', draw(headHeatmap, heads, maps), () => tables.headMapTable(heads, maps.values[0], part)),
    figure('3. Attention to single tokens', draw(tokenAttention, keys), () => tables.keyTable(keys, part)),
    figure('4. Distributions of entropies', draw(entropyViolins, violins), () => tables.entropyTable(violins, part)),
    figure('5. Entropy differences by layer', draw(layerDeltas, categories), () => tables.differenceTable(categories, part)),
    figure('6. Heads that differ most', draw(topHeads, heads), () => tables.headTable(heads, part)),
    figure('7. First and last tokens, self against neutral', draw(crossTokenControl, keys), () => tables.keyTable(keys, part)),
    figure('8. Confounder minus self by layer', draw(confounderDelta, categories), () => tables.differenceTable(categories, part)),
    figure('9. Role focus and separation', draw(roleFocusSeparation, layers), () => tables.indexTable(layers)),
  ];
}
