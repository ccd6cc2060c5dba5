/**
 * Every measured version of the models of a family over time, and any two against each other.
 *
 * @module
 */

import * as versionTrend from '../charts/version-trend.js';
import { estimate, partName, signed, time } from '../state/format.js';
import { formatRoute, indexOf, oneOf } from '../state/route.js';
import { figure } from './chart.js';
import { choice, h } from './dom.js';
import { empty } from './status.js';
import { plainTable, scrolling } from './table.js';

/** @typedef {import('../api/types.js').VersionRow} VersionRow */
/** @typedef {{family: string, versions: VersionRow[]}} Family */

const INDICES = /** @type {const} */ (['rfc', 'rsi']);

/**
 * @param {import('../app.js').Context} context
 * @returns {Promise<import('../app.js').View>}
 */
export async function versionsView({ route, api, change }) {
  const { families, thresholds } = await api.versions();
  const heading = h('h1', null, 'Versions');
  if (families.length === 0) {
    const how = 'Complete a run first, for example with ./rolescope demo.';
    return { title: 'Versions', element: h('div', null, heading, empty('No model was measured yet.', how)) };
  }
  const index = oneOf(route, 'index', INDICES, 'rfc');
  const names = families.map(({ family }) => family);
  const chosen = oneOf(route, 'family', names, '');
  const shown = families.filter(({ family }) => !chosen || family === chosen);
  const all = [{ value: '', text: 'All' }, ...names.map((name) => ({ value: name, text: name }))];
  const byIndex = choice('Index', INDICES.map((value) => ({ value, text: value.toUpperCase() })), index, (to) => change({ index: to }));
  const byFamily = choice('Family', all, chosen, (to) => change({ family: to, first: null, second: null }));
  const count = Math.max(0, ...shown.flatMap(({ versions }) => versions.map(({ layers }) => layers.length)));
  const layer = indexOf(route, 'layer', count) ?? undefined;
  const layers = [{ value: '', text: 'Mean over layers' }, ...Array.from({ length: count }, (_, one) => ({ value: String(one), text: String(one) }))];
  const byLayer = choice('Layer', layers, layer === undefined ? '' : String(layer), (to) => change({ layer: to }));
  const figures = shown.map((family) => section(family, index, thresholds, layer));
  const versions = shown.flatMap((family) => family.versions);
  const limits = `A version is flagged where a layer moves by more than ${thresholds.rfc} (RFC) or ${thresholds.rsi} (RSI) against the version before and the intervals do not overlap, or where its parity is not supported.`;
  return {
    title: 'Versions',
    element: h('div', null, heading, h('div', { class: 'controls' }, byIndex.element, byFamily.element, byLayer.element), h('p', { class: 'note' }, limits),
      figures.map(({ element }) => element), comparison(versions, route, index, change)),
    close: () => figures.forEach(({ close }) => close()),
  };
}

/**
 * @param {Family} family
 * @param {'rfc'|'rsi'} index
 * @param {{rfc: number, rsi: number}} thresholds
 * @param {number} [layer] the mean over layers unless given
 */
function section(family, index, thresholds, layer) {
  const { family: name, versions } = family;
  const drawing = { module: versionTrend, data: family, settings: { index, layer, threshold: thresholds[index] } };
  const drawn = figure(`${index.toUpperCase()} of family ${name} over time`, drawing, () => ({
    columns: ['Layer', ...versions.map(label)],
    rows: (versions[0]?.layers ?? []).map(({ layer }) => [layer, ...versions.map((version) => estimate(version.layers.find((row) => row.layer === layer)?.[index]))]),
  }));
  const head = ['Model', 'Part', 'Run', 'Measured', 'Mean RFC', 'Mean RSI', 'Flags'];
  const table = h('table', null, h('caption', { class: 'hidden-text' }, `Versions of family ${name}`),
    h('thead', null, h('tr', null, head.map((text) => h('th', { scope: 'col' }, text)))), h('tbody', null, versions.map(row)));
  const element = h('section', null, h('h2', null, `Family ${name}`), drawn.element, scrolling(`Versions of family ${name}`, table));
  return { element, close: drawn.close };
}

/** @param {VersionRow} version */
function row(version) {
  const flags = version.flags.length > 0 ? h('ul', { class: 'flags' }, version.flags.map((flag) => h('li', null, flag))) : 'none';
  return h(
    'tr',
    null,
    h('th', { scope: 'row' }, version.model, ' ', h('span', { class: 'note' }, version.digest.slice(0, 8))),
    h('td', null, partName(version.part)),
    h('td', null, h('a', { href: formatRoute(['runs', version.run_id]) }, version.run_id)),
    h('td', null, time(version.measured_at)),
    h('td', null, signed(version.mean.rfc)),
    h('td', null, signed(version.mean.rsi)),
    h('td', null, flags),
  );
}

/**
 * @param {VersionRow[]} versions
 * @param {import('../state/route.js').Route} route
 * @param {'rfc'|'rsi'} index
 * @param {(query: Record<string, any>) => void} change
 */
function comparison(versions, route, index, change) {
  if (versions.length < 2) {
    return h('p', { class: 'note' }, 'Two measured versions are needed to compare.');
  }
  const options = versions.map((version) => ({ value: key(version), text: `${label(version)}, ${time(version.measured_at)}` }));
  const keys = options.map(({ value }) => value);
  const first = oneOf(route, 'first', keys, keys[0]);
  const second = oneOf(route, 'second', keys, keys[1]);
  const [a, b] = [first, second].map((one) => /** @type {VersionRow} */ (versions.find((version) => key(version) === one)));
  const rows = a.layers.map(({ layer, [index]: left }) => {
    const right = b.layers.find((row) => row.layer === layer)?.[index];
    return [layer, estimate(left), estimate(right), signed(minus(right?.value, left.value))];
  });
  return h(
    'section',
    null,
    h('h2', null, 'Compare two'),
    h('div', { class: 'controls' },
      choice('First', options, first, (to) => change({ first: to })).element,
      choice('Second', options, second, (to) => change({ second: to })).element),
    plainTable(`${label(a)} and ${label(b)}`, {
      columns: ['Layer', `${index.toUpperCase()} of ${label(a)}`, `${index.toUpperCase()} of ${label(b)}`, 'Second − first'],
      rows,
    }),
    a.layers.length !== b.layers.length && h('p', { class: 'note' }, 'They have different numbers of layers; layers are compared by number.'),
  );
}

/** @param {VersionRow} version */
function key({ run_id, part }) {
  return `${run_id}:${part}`;
}

/** @param {VersionRow} version */
function label({ model, part }) {
  return part === 'single' ? model : `${model} (${part})`;
}

/** @param {number|null|undefined} a @param {number|null} b */
function minus(a, b) {
  return a === null || a === undefined || b === null ? null : a - b;
}
