/**
 * Loading, empty and failed, in words.
 *
 * @module
 */

import { ApiError } from '../api/client.js';
import { announce, h } from './dom.js';

/** @param {string} what */
export function loading(what) {
  return h('p', { class: 'loading', role: 'status' }, `Loading ${what} …`);
}

/**
 * @param {string} what there is none of
 * @param {string} remedy what to do to have some
 */
export function empty(what, remedy) {
  return h('p', { class: 'empty' }, h('strong', null, what), ' ', remedy);
}

/**
 * @param {unknown} fault
 * @param {() => void} again
 */
export function failure(fault, again) {
  const { title, detail, remedy } = describe(fault);
  announce(`${title}. ${detail}`);
  return h(
    'section',
    { class: 'failure', role: 'alert' },
    h('h1', null, title),
    h('p', { class: 'detail' }, detail),
    h('p', null, remedy),
    h('p', null, h('button', { type: 'button', onClick: again }, 'Try again'), ' ', h('a', { href: '#/runs' }, 'All runs')),
  );
}

/**
 * @param {unknown} fault
 * @returns {{title: string, detail: string, remedy: string}}
 */
export function describe(fault) {
  if (!(fault instanceof ApiError)) {
    const detail = fault instanceof Error ? fault.message : String(fault);
    return { title: 'This view could not be drawn', detail, remedy: 'Reload the page; if it stays, report it with this sentence.' };
  }
  return { title: fault.title, detail: fault.detail, remedy: remedy(fault.status) };
}

/** @param {number} status */
function remedy(status) {
  if (status === 0) {
    return 'Start it with ./rolescope dashboard, then try again.';
  }
  if (status === 404) {
    return 'Check the address, or choose from the list of runs.';
  }
  return status < 500 ? 'Check the address.' : 'Try again; the log of the service says more.';
}
