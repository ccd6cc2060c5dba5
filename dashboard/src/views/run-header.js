/**
 * The head of every view of a run: its name, its state and the ways between its views.
 *
 * @module
 */

import { formatRoute } from '../state/route.js';
import { h } from './dom.js';
import { stateMark } from './runs.js';

const TABS = [
  { view: '', text: 'Figures' },
  { view: 'heads', text: 'Heads' },
  { view: 'candidates', text: 'Candidates' },
];

/**
 * @param {import('../api/types.js').RunSummary} run
 * @param {string} view shown now
 */
export function runHeader(run, view) {
  const links = TABS.map((tab) =>
    h('a', { href: formatRoute(['runs', run.id, tab.view].filter(Boolean)), 'aria-current': tab.view === view && 'page' }, tab.text),
  );
  return h(
    'header',
    { class: 'run' },
    h('h1', null, run.id),
    h('p', null, stateMark(run), ' ', [run.base_model, run.instruct_model].filter(Boolean).join(' → '), ` on ${run.prompt_set}`),
    h('nav', { class: 'tabs', 'aria-label': 'Views of this run' }, links),
  );
}

/**
 * Names of models, roles and numbers of prompts, for titles and captions of charts.
 *
 * @param {import('../api/types.js').RunDetail} detail
 */
export function chartSettings({ models, prompts, roles }) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { category } of prompts) {
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return { models: Object.fromEntries(models.map(({ part, name }) => [part, name])), roles, prompts: counts };
}
