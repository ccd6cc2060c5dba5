/**
 * Heads of a run: a map of all of them, and one of them in detail.
 *
 * @module
 */

import { oneOf, indexOf } from '../state/route.js';
import { partName } from '../state/format.js';
import { choice, h } from './dom.js';
import { headDetail } from './head-detail.js';
import { headMap } from './head-map.js';
import { chartSettings, runHeader } from './run-header.js';
import { empty } from './status.js';

export const VALUES = /** @type {const} */ ([
  'self_minus_neutral', 'self_minus_confounder', 'rfc', 'rsi', 'did', 'denoising', 'noising',
]);
const NAMES = {
  self_minus_neutral: 'ΔH, self − neutral',
  self_minus_confounder: 'ΔH, self − confounder',
  rfc: 'RFC',
  rsi: 'RSI',
  did: 'DiD',
  denoising: 'Patching recovery, denoising',
  noising: 'Patching recovery, noising',
};

/**
 * @param {import('../app.js').Context} context
 * @returns {Promise<import('../app.js').View>}
 */
export async function headsView({ route, api, change }) {
  const id = route.path[1];
  const [detail, heads] = await Promise.all([api.run(id), api.heads(id)]);
  const header = runHeader(detail.run, 'heads');
  if (heads.heads.length === 0) {
    const none = empty('No head was measured yet.', 'Come back when the run is complete.');
    return { title: `Heads of ${id}`, element: h('div', null, header, none) };
  }
  const parts = heads.parts;
  const value = choice('Value', VALUES.map((one) => ({ value: one, text: NAMES[one] })), VALUES[0], (to) => change({ value: to }));
  const part = choice('Model', parts.map((one) => ({ value: one, text: partName(one) })), parts[0], (to) => change({ part: to }));
  const map = headMap(heads, chartSettings(detail), (layer, head) => change({ layer, head, token: null }));
  const one = headDetail({ api, detail, heads, change });
  const element = h(
    'div',
    null,
    header,
    h('section', { 'aria-label': 'Map of heads' }, h('h2', null, 'All heads'), h('div', { class: 'controls' }, value.element, part.element), map.element),
    one.element,
  );
  return {
    title: `Heads of ${id}`,
    element,
    async update(now) {
      const shown = {
        value: oneOf(now, 'value', VALUES, VALUES[0]),
        part: oneOf(now, 'part', parts, parts[parts.length - 1]),
        layer: indexOf(now, 'layer', heads.layer_count),
        head: indexOf(now, 'head', heads.head_count),
      };
      value.select.value = shown.value;
      part.select.value = shown.part;
      part.element.hidden = parts.length < 2 || ['did', 'denoising', 'noising'].includes(shown.value);
      map.show(shown);
      await one.show(now, shown);
    },
    close() {
      map.close();
      one.close();
    },
  };
}
