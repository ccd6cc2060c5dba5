/**
 * Families against each other on relative depth.
 *
 * @module
 */

import * as crossModel from '../charts/cross-model.js';
import { number, signed } from '../state/format.js';
import { formatRoute, oneOf } from '../state/route.js';
import { figure } from './chart.js';
import { choice, h } from './dom.js';
import { empty } from './status.js';
import { plainTable } from './table.js';

/** @typedef {import('../api/types.js').CrossModel} CrossModel */

const STATISTICS = [
  { value: 'ratio_of_sums', text: 'Ratio of sums (default estimator)' },
  { value: 'reference', text: 'Reference (published study)' },
];
const INDICES = /** @type {const} */ (['rfc', 'rsi']);

/**
 * @param {import('../app.js').Context} context
 * @returns {Promise<import('../app.js').View>}
 */
export async function crossModelView({ route, api, change }) {
  const statistic = oneOf(route, 'statistic', STATISTICS.map(({ value }) => value), STATISTICS[0].value);
  const data = await api.crossModel({ runs: route.query.runs, statistic });
  const by = choice('Estimator', STATISTICS, statistic, (to) => change({ statistic: to }));
  const heading = [h('h1', null, 'Cross-model'), h('div', { class: 'controls' }, by.element)];
  if (data.series.length === 0) {
    const how = 'Compare a base and an instruct model first, for example with ./rolescope run --family smollm2.';
    return { title: 'Cross-model', element: h('div', null, heading, empty('There is no complete comparison yet.', how)) };
  }
  const figures = INDICES.filter((index) => data.series.some((series) => series.index === index)).map((index) =>
    figure(`${index.toUpperCase()} over relative depth`, { module: crossModel, data, settings: { index } }, () => depths(data, index)),
  );
  const element = h(
    'div',
    null,
    heading,
    h('section', { class: 'verdict' }, data.verdict.split('\n').filter(Boolean).map((text) => h('p', null, text))),
    figures.map((one) => one.element),
    h('section', null, h('h2', null, 'Direction'), directions(data)),
    h('section', null, h('h2', null, 'Correlation'), correlations(data)),
    h('section', null, h('h2', null, 'Runs'), runs(data)),
  );
  return { title: 'Cross-model', element, close: () => figures.forEach(({ close }) => close()) };
}

/** @param {CrossModel} data @param {'rfc'|'rsi'} index */
function depths({ series }, index) {
  const rows = series
    .filter((one) => one.index === index)
    .flatMap((one) => one.values.map(({ layer, depth, value }) => [one.name, layer, number(depth, 3), signed(value)]));
  return { columns: ['Series', 'Layer', 'Relative depth', `Δ${index.toUpperCase()}, instruct − base`], rows };
}

/** @param {CrossModel} data */
function directions({ series }) {
  return plainTable('Direction of change', {
    columns: ['Series', 'Index', 'Mean change', 'Layers above', 'Layers below', 'Layers within', 'Direction'],
    rows: series.map((one) => [one.name, one.index.toUpperCase(), signed(one.mean), one.above, one.below, one.within, one.direction]),
  });
}

/** @param {CrossModel} data */
function correlations({ correlations: found }) {
  if (found.length === 0) {
    return h('p', { class: 'empty' }, 'Two families are needed to correlate; there is one.');
  }
  return plainTable('Correlation between families', {
    columns: ['First', 'Second', 'Index', 'Pearson r', 'p', 'Spearman r', 'p', 'Layers', 'Interpolated'],
    rows: found.map((one) => [
      one.first, one.second, one.index.toUpperCase(), signed(one.pearson_r, 3), number(one.pearson_p), signed(one.spearman_r, 3),
      number(one.spearman_p), one.layers_compared, one.interpolated ? 'yes' : 'no',
    ]),
  });
}

/** @param {CrossModel} data */
function runs({ series }) {
  const ids = [...new Set(series.map((one) => one.run_id))].filter(Boolean);
  return h('ul', null, ids.map((id) => h('li', null, h('a', { href: formatRoute(['runs', id]) }, id))));
}
