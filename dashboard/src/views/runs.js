/**
 * The list of runs, newest first: the start.
 *
 * @module
 */

import { time } from '../state/format.js';
import { formatRoute } from '../state/route.js';
import { choice, h } from './dom.js';
import { empty } from './status.js';
import { scrolling } from './table.js';

const STATES = ['running', 'complete', 'failed', 'interrupted'];

/**
 * @param {import('../app.js').Context} context
 * @returns {Promise<import('../app.js').View>}
 */
export async function runsView({ route, api, change }) {
  const { family = '', state = '', page_token } = route.query;
  const runs = await api.runs({ family, state, page_token });
  const states = [{ value: '', text: 'All' }, ...STATES.map((value) => ({ value, text: value }))];
  const filter = choice('State', states, state, (value) => change({ state: value, page_token: null }));
  const controls = h('div', { class: 'controls' }, filter.element, familyLink(family));
  return { title: 'Runs', element: h('div', null, h('h1', null, 'Runs'), controls, content(runs, family, state)) };
}

/**
 * @param {import('../api/types.js').RunPage} page
 * @param {string} family
 * @param {string} state
 */
function content(page, family, state) {
  if (page.items.length === 0) {
    return family || state
      ? empty('No run matches.', 'Choose another state or family.')
      : empty('There are no runs yet.', 'Make one with ./rolescope demo or ./rolescope run --family smollm2; it appears here while it runs.');
  }
  const head = ['Run', 'Family', 'State', 'Models', 'Prompts', 'First started'];
  const table = h(
    'table',
    null,
    h('caption', { class: 'hidden-text' }, 'Runs'),
    h('thead', null, h('tr', null, head.map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', null, page.items.map(row)),
  );
  const more = page.next_page_token && formatRoute(['runs'], { family, state, page_token: page.next_page_token });
  return h('div', null, scrolling('Runs', table), more && h('p', null, h('a', { href: more }, 'Next page')));
}

/** @param {import('../api/types.js').RunSummary} run */
function row(run) {
  return h(
    'tr',
    null,
    h('th', { scope: 'row' }, h('a', { href: formatRoute(['runs', run.id]) }, run.id)),
    h('td', null, h('a', { href: formatRoute(['runs'], { family: run.family }) }, run.family)),
    h('td', null, stateMark(run)),
    h('td', null, [run.base_model, run.instruct_model].filter(Boolean).join(' → ')),
    h('td', null, run.prompt_set),
    h('td', null, time(run.measured_at)),
  );
}

/** @param {import('../api/types.js').RunSummary} run */
export function stateMark(run) {
  const steps = run.state === 'complete' ? '' : `, ${run.steps_done} of ${run.steps_total} steps`;
  return h('span', { class: `state state-${run.state}` }, run.state + steps);
}

/** @param {string} family */
function familyLink(family) {
  return family && h('p', { class: 'note' }, `Family ${family} only. `, h('a', { href: formatRoute(['runs']) }, 'Show all'));
}
