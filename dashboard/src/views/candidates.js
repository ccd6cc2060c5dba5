/**
 * Heads that changed most between base and instruct, and what patching and ablation say about them.
 *
 * @module
 */

import * as patchingCandidates from '../charts/patching-candidates.js';
import { estimate, number, signed } from '../state/format.js';
import { formatRoute, oneOf } from '../state/route.js';
import { sorted } from '../state/sort.js';
import { announce, choice, h } from './dom.js';
import { chart } from './chart.js';
import { chartSettings, runHeader } from './run-header.js';
import { empty } from './status.js';
import { scrolling, sortableHead } from './table.js';

/** @typedef {import('../api/types.js').CandidateRow} CandidateRow */
/** @typedef {import('../state/sort.js').Order} Order */
/** @typedef {import('./table.js').Column & {key: (row: CandidateRow) => number|string|null, cell?: (row: CandidateRow) => string}} CandidateColumn */

const LIMITS = ['10', '20', '50', '100'];
const VERDICTS = { causal: 'causal', correlate_only: 'correlate only', undecided: 'undecided' };

/** @type {CandidateColumn[]} */
const COLUMNS = [
  { name: 'rank', text: 'Rank', key: (row) => row.rank },
  { name: 'head', text: 'Head', title: 'Layer and head', key: (row) => row.layer * 1e4 + row.head },
  { name: 'did', text: 'DiD', title: 'Median over pairs of prompts, nats', key: (row) => row.did_median, cell: (row) => signed(row.did_median) },
  { name: 'consistency', text: 'Consistency', title: 'Share of pairs with the sign of the median', key: (row) => row.did_consistency, cell: (row) => number(row.did_consistency, 2) },
  { name: 'q', text: 'q', title: 'Wilcoxon, Benjamini-Hochberg over heads', key: (row) => row.q_value, cell: (row) => number(row.q_value) },
  { name: 'score', text: 'Score', title: 'Composite score that ranks', key: (row) => row.composite_score, cell: (row) => number(row.composite_score, 3) },
  { name: 'ablation', text: 'Ablation KL', title: 'Largest mean KL over categories when the head is zeroed, nats', key: ablation, cell: (row) => number(ablation(row)) },
  { name: 'recovery', text: 'Recovery', title: 'Denoising, with 95% interval', key: (row) => row.patching?.denoising.value ?? null, cell: (row) => estimate(row.patching?.denoising, 3) },
  { name: 'verdict', text: 'Verdict', title: 'By patching', key: (row) => row.patching?.verdict ?? null, cell: verdict },
];

/**
 * @param {import('../app.js').Context} context
 * @returns {Promise<import('../app.js').View>}
 */
export async function candidatesView({ route, api, change }) {
  const id = route.path[1];
  let limit = oneOf(route, 'top', LIMITS, LIMITS[1]);
  const [detail, first] = await Promise.all([api.run(id), api.candidates(id, { top_k: limit })]);
  const title = `Candidates of ${id}`;
  let found = first;
  const header = runHeader(detail.run, 'candidates');
  if (found.candidates.length === 0) {
    const why = 'Candidates need a base and an instruct model, and pairs of self and neutral prompts.';
    return { title, element: h('div', null, header, empty('This run has no candidates.', why)) };
  }
  const drawing = () => ({ module: patchingCandidates, data: found, settings: chartSettings(detail) });
  const picture = chart(drawing());
  const top = choice('Show', LIMITS.map((value) => ({ value, text: `first ${value}` })), limit, (to) => change({ top: to }));
  const place = h('div', null);
  const count = h('p', { class: 'note' });
  const element = h(
    'div',
    null,
    header,
    h('h2', null, 'Candidates'),
    causes(found),
    h('div', { class: 'controls' }, top.element),
    count,
    place,
    h('figure', null, h('figcaption', { class: 'note' }, 'The numbers of this figure are in the table above.'), picture.element),
  );
  return {
    title,
    element,
    async update(now) {
      const next = oneOf(now, 'top', LIMITS, LIMITS[1]);
      if (next !== limit) {
        limit = next;
        found = await api.candidates(id, { top_k: limit });
        picture.show(drawing());
      }
      top.select.value = limit;
      count.textContent = `${found.candidates.length} of ${found.ranked_count} ranked heads, by ${found.entropy} entropy.`;
      const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset.column;
      place.replaceChildren(table(id, found.candidates, now, change));
      if (focused) {
        /** @type {HTMLElement|null} */ (place.querySelector(`[data-column="${focused}"]`))?.focus();
      }
    },
    close: picture.close,
  };
}

/**
 * @param {string} id
 * @param {CandidateRow[]} candidates
 * @param {import('../state/route.js').Route} route
 * @param {(query: Record<string, any>) => void} change
 */
function table(id, candidates, route, change) {
  const names = COLUMNS.map((column) => column.name);
  const by = oneOf(route, 'sort', names, 'rank');
  const order = oneOf(route, 'order', /** @type {const} */ (['ascending', 'descending']), 'ascending');
  const sort = (/** @type {CandidateColumn} */ column) => {
    const next = column.name === by && order === 'ascending' ? 'descending' : 'ascending';
    announce(`Sorted by ${column.text}, ${next}`);
    change({ sort: column.name, order: next });
  };
  const column = /** @type {CandidateColumn} */ (COLUMNS.find(({ name }) => name === by));
  const heads = COLUMNS.map((one) => sortableHead(one, one.name === by ? order : null, () => sort(one)));
  const rows = sorted(candidates, column.key, order).map((row) => h('tr', null, COLUMNS.map((one) => cell(id, row, one))));
  return scrolling(
    'Candidates',
    h('table', { id: 'candidates' }, h('caption', { class: 'hidden-text' }, 'Candidates'), h('thead', null, h('tr', null, heads)), h('tbody', null, rows)),
  );
}

/** @param {string} id @param {CandidateRow} row @param {CandidateColumn} column */
function cell(id, row, column) {
  if (column.name === 'head') {
    const address = formatRoute(['runs', id, 'heads'], { value: 'did', layer: row.layer, head: row.head });
    return h('th', { scope: 'row' }, h('a', { href: address }, `${row.layer}.${row.head}`));
  }
  const title = column.name === 'verdict' && row.patching ? row.patching.explanation : null;
  return h('td', { title }, column.cell ? column.cell(row) : String(column.key(row)));
}

/** @param {import('../api/types.js').Candidates} found */
function causes({ causes, candidates }) {
  if (causes) {
    return h('section', { class: 'verdict' }, h('p', null, causes.verdict), causes.rule && h('p', { class: 'note' }, `Rule: ${causes.rule}`));
  }
  const patched = candidates.some((row) => row.patching);
  return !patched && h('p', { class: 'note' }, 'Candidates are correlates until they are patched; ./rolescope causes does that.');
}

/** @param {CandidateRow} row */
function ablation({ ablation }) {
  const values = (ablation?.divergences ?? []).map((one) => one.mean_kl_nats).filter((value) => value !== null);
  return values.length > 0 ? Math.max(...values) : null;
}

/** @param {CandidateRow} row */
function verdict({ patching }) {
  return patching ? VERDICTS[patching.verdict] : 'not patched';
}
