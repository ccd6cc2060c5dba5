/**
 * A run: what it says, its figures, its confounds and its files; while it runs, how far it is.
 *
 * @module
 */

import { confounds } from './confounds.js';
import { downloads } from './downloads.js';
import { h } from './dom.js';
import { runFigures } from './run-figures.js';
import { runHeader } from './run-header.js';
import { modelTable, optionList } from './run-facts.js';
import { progress } from './run-progress.js';

/**
 * @param {import('../app.js').Context} context
 * @returns {Promise<import('../app.js').View>}
 */
export async function runView({ route, api, change }) {
  const id = route.path[1];
  const detail = await api.run(id);
  const element = h('div', null, runHeader(detail.run, ''));
  if (detail.run.state !== 'complete') {
    const live = progress(detail.run, api.base);
    element.append(live.element, modelTable(detail.models), optionList(detail));
    return { title: id, element, close: live.close };
  }
  const figures = await runFigures(detail, api, change);
  element.append(
    verdict(detail.verdict),
    figures.element,
    confounds(detail),
    h('section', null, h('h2', null, 'Models and settings'), modelTable(detail.models), optionList(detail)),
    downloads(detail.artifacts, api.base),
  );
  return { title: id, element, update: figures.update, close: figures.close };
}

/** @param {string[]} paragraphs */
function verdict(paragraphs) {
  const shown = paragraphs.length > 0 ? paragraphs : ['This run measured one model; there is no change to judge.'];
  return h('section', { class: 'verdict' }, h('h2', null, 'What it says'), shown.map((text) => h('p', null, text)));
}
