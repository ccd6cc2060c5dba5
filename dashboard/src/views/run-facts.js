/**
 * Models and settings of a run.
 *
 * @module
 */

import { partName } from '../state/format.js';
import { h } from './dom.js';
import { plainTable } from './table.js';

/** @param {import('../api/types.js').ModelInfo[]} models */
export function modelTable(models) {
  return plainTable('Models', {
    columns: ['Model', 'Part', 'Architecture', 'Layers', 'Heads', 'Parameters', 'Parity', 'Weights', 'Attention', 'Digest'],
    rows: models.map((model) => [
      model.name,
      partName(model.part),
      model.architecture,
      model.layer_count,
      model.head_count,
      model.parameter_count.toLocaleString('en'),
      model.parity,
      model.quantisation.join(', ') || 'not quantised',
      model.attention,
      model.digest.slice(0, 12),
    ]),
  });
}

/** @param {import('../api/types.js').RunDetail} detail */
export function optionList({ options, categories, prompts }) {
  const count = (/** @type {string} */ category) => prompts.filter((prompt) => prompt.category === category).length;
  const entries = [
    ...categories.map((category) => [category, `${count(category)} prompts`]),
    ...Object.entries(options).map(([name, value]) => [name.replaceAll('_', ' '), text(value)]),
  ];
  return h(
    'details',
    { class: 'data' },
    h('summary', null, 'Settings'),
    h('dl', { class: 'facts' }, entries.flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value)])),
  );
}

/** @param {unknown} value */
function text(value) {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).map(([name, one]) => `${name}: ${one}`).join(', ')
    : String(value);
}
