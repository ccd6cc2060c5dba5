/**
 * Progress of a run as it is made.
 *
 * @module
 */

import { followRun } from '../api/events.js';
import { announce, h } from './dom.js';

/** @typedef {import('../api/types.js').RunSummary} RunSummary */

/**
 * @param {RunSummary} run
 * @param {string} base address of the API
 * @returns {{element: HTMLElement, close: () => void}}
 */
export function progress(run, base) {
  const bar = h('progress', { 'aria-labelledby': 'progress-text' });
  const text = h('p', { id: 'progress-text' });
  const step = h('p', { class: 'note', id: 'step' });
  const element = h('section', { class: 'progress' }, h('h2', null, 'Progress'), text, bar, step);

  /** @param {RunSummary} now */
  const show = (now) => {
    bar.max = Math.max(1, now.steps_total);
    bar.value = now.steps_done;
    text.textContent = `${words(now)}: ${now.steps_done} of ${now.steps_total} steps.`;
  };
  show(run);
  if (run.state !== 'running') {
    step.textContent = run.state === 'failed' ? run.failure : 'Start the same command again: it goes on where it stopped.';
    return { element, close: () => {} };
  }
  let announced = 0;
  const close = followRun(base, run.id, {
    progress(event) {
      show(event.run);
      step.textContent = event.step;
      const tenth = Math.floor((10 * event.run.steps_done) / Math.max(1, event.run.steps_total));
      if (tenth > announced) {
        announced = tenth;
        announce(text.textContent ?? '');
      }
    },
    end(event) {
      show(event.run);
      step.textContent = event.run.failure;
      announce(`The run ended: ${event.run.state}.`);
      if (event.run.state === 'complete') {
        dispatchEvent(new CustomEvent('runcomplete'));
      }
    },
    lost() {
      step.textContent = 'The connection was lost; trying again …';
    },
  });
  return { element, close };
}

/** @param {RunSummary} run */
function words(run) {
  return { running: 'Running', complete: 'Complete', failed: 'Failed', interrupted: 'Interrupted' }[run.state];
}
