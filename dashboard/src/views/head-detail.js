/**
 * One head: what was measured of it, its entropies, and its pattern on a prompt.
 *
 * @module
 */

import * as violins from '../charts/entropy-violins.js';
import { estimate, number, partName, signed } from '../state/format.js';
import { figure } from './chart.js';
import { entropyTable } from './chart-tables.js';
import { h } from './dom.js';
import { patternSection } from './patterns.js';
import { chartSettings } from './run-header.js';
import { loading } from './status.js';
import { plainTable } from './table.js';

/** @typedef {import('../api/types.js').HeadRow} HeadRow */
/** @typedef {import('../api/types.js').RunDetail} RunDetail */

/**
 * @param {{api: import('../api/api.js').Api, detail: RunDetail, heads: import('../api/types.js').Heads, change: (query: Record<string, any>) => void}} context
 */
export function headDetail({ api, detail, heads, change }) {
  const element = h('section', { class: 'head', 'aria-label': 'Chosen head' });
  /** @type {ReturnType<typeof patternSection>|null} */
  let patterns = null;
  /** @type {{close: () => void}|null} */
  let picture = null;
  let shown = '';

  function close() {
    patterns?.close();
    picture?.close();
    patterns = picture = null;
  }
  /**
   * @param {HeadRow} row
   * @param {import('../api/types.js').Part} part
   */
  async function open(row, part) {
    const title = `Layer ${row.layer}, head ${row.head}`;
    element.replaceChildren(h('h2', null, title), loading('head'));
    const entropies = await api.entropies(detail.run.id, row.layer, row.head);
    const data = { heads: [{ row, entropies }], prompts: detail.prompts };
    const drawn = figure(
      `Entropy of every prompt, ${title}`,
      { module: violins, data, settings: { ...chartSettings(detail), part } },
      () => entropyTable(data, part),
    );
    close();
    picture = drawn;
    patterns = patternSection({ api, detail, layer: row.layer, head: row.head, change });
    element.replaceChildren(h('h2', null, title), h('div', { class: 'measured' }, measured(row, heads.parts), drawn.element), patterns.element);
  }
  return {
    element,
    /**
     * @param {import('../state/route.js').Route} route
     * @param {import('./head-map.js').Shown} chosen
     */
    async show(route, { layer, head, part }) {
      const row = heads.heads.find((one) => one.layer === layer && one.head === head);
      if (!row) {
        close();
        shown = '';
        element.replaceChildren(h('p', { class: 'empty' }, 'No head is chosen. Choose one in the map to see its attention.'));
        return;
      }
      if (shown !== `${layer}.${head}.${part}`) {
        shown = `${layer}.${head}.${part}`;
        await open(row, part);
      }
      await patterns?.show(route);
    },
    close,
  };
}

/**
 * @param {HeadRow} row
 * @param {import('../api/types.js').Part[]} parts
 */
function measured(row, parts) {
  const each = (/** @type {string} */ name, /** @type {(part: import('../api/types.js').HeadPart) => string} */ value) => [
    name,
    ...parts.map((part) => (row.parts[part] ? value(/** @type {any} */ (row.parts[part])) : number(null))),
  ];
  const table = plainTable('Measured of this head', {
    columns: ['', ...parts.map(partName)],
    rows: [
      each('H self, nats', (one) => number(one.self_nats)),
      each('H neutral, nats', (one) => number(one.neutral_nats)),
      each('H confounder, nats', (one) => number(one.confounder_nats)),
      each('RFC', (one) => signed(one.rfc)),
      each('RSI', (one) => signed(one.rsi)),
      each('Cohen’s d, self against neutral', (one) => signed(one.cohens_d, 2)),
      each('Degenerate', (one) => (one.degenerate ? 'yes' : 'no')),
    ],
  });
  return h('div', null, table, together(row));
}

/** @param {HeadRow} row */
function together({ did, patching }) {
  const sentences = [];
  if (did) {
    const q = number(did.q_value);
    sentences.push(`DiD ${signed(did.did_median)} nats, consistent in ${number(did.did_consistency, 2)} of pairs, q = ${q}, rank ${did.rank}.`);
  }
  if (patching) {
    sentences.push(`Patching recovery: denoising ${estimate(patching.denoising, 3)}, noising ${estimate(patching.noising, 3)}.`);
  }
  return sentences.length > 0 && h('p', null, sentences.join(' '));
}
