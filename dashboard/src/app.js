/**
 * Shows the view that the address names, and shows another when the address changes.
 *
 * @module
 */

import { openApi } from './api/api.js';
import { formatRoute, parseRoute } from './state/route.js';
import { openTheme } from './state/theme.js';
import { announce, h } from './views/dom.js';
import { candidatesView } from './views/candidates.js';
import { crossModelView } from './views/cross-model.js';
import { headsView } from './views/heads.js';
import { runView } from './views/run.js';
import { runsView } from './views/runs.js';
import { failure, loading } from './views/status.js';
import { versionsView } from './views/versions.js';

/** @typedef {import('./state/route.js').Route} Route */
/** @typedef {{route: Route, api: import('./api/api.js').Api, signal: AbortSignal, change: (query: Record<string, any>) => void}} Context */
/** @typedef {{title: string, element: HTMLElement, update?: (route: Route) => void|Promise<void>, close?: () => void}} View */

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const PLACES = [
  { path: ['runs'], text: 'Runs' },
  { path: ['versions'], text: 'Versions' },
  { path: ['cross-model'], text: 'Cross-model' },
];

/** @type {{path: string, view: View|null, end: AbortController|null}} */
let shown = { path: '', view: null, end: null };

/**
 * @param {string[]} path
 * @returns {((context: Context) => Promise<View>)|null}
 */
function viewOf([place, run, view, ...rest]) {
  if (rest.length > 0 || (place !== 'runs' && run)) {
    return null;
  }
  const views = run
    ? { '': runView, heads: headsView, candidates: candidatesView }
    : { '': runsView, runs: runsView, versions: versionsView, 'cross-model': crossModelView };
  const name = (run ? view : place) ?? '';
  return Object.hasOwn(views, name) ? /** @type {any} */ (views)[name] : null;
}

async function show() {
  const route = parseRoute(location.hash);
  const path = route.path.join('/');
  drawNavigation(route.path[0] ?? 'runs');
  const again = path === shown.path && shown.view !== null;
  if (again && shown.view?.update) {
    await attempt(/** @type {AbortController} */ (shown.end).signal, async () => shown.view?.update?.(route));
    return;
  }
  const focused = again ? document.activeElement?.id : null;
  const first = shown.end === null;
  shown.end?.abort();
  const before = shown.view;
  const end = new AbortController();
  shown = { path, view: null, end };
  if (!again) {
    main.replaceChildren(loading('view'));
  }
  main.setAttribute('aria-busy', 'true');
  await attempt(end.signal, async () => {
    const view = await open(route, end.signal);
    if (end.signal.aborted) {
      view.close?.();
      return;
    }
    shown.view = view;
    main.replaceChildren(view.element);
    document.title = `${view.title} · Rolescope`;
    await view.update?.(parseRoute(location.hash));
  });
  before?.close?.();
  if (!end.signal.aborted) {
    main.removeAttribute('aria-busy');
    arrive(first, focused);
  }
}

/**
 * Does something for the view shown; a fault takes the view's place.
 *
 * @param {AbortSignal} signal
 * @param {() => Promise<void>} action
 */
async function attempt(signal, action) {
  try {
    await action();
  } catch (fault) {
    if (!signal.aborted) {
      shown.view?.close?.();
      shown.view = null;
      document.title = 'Rolescope';
      main.replaceChildren(failure(fault, reload));
    }
  }
}

/**
 * @param {Route} route
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
async function open(route, signal) {
  const view = viewOf(route.path);
  if (!view) {
    throw new Error(`There is no view at ${location.hash}.`);
  }
  const api = openApi(new URL('api/v1/', document.baseURI).href, signal);
  const change = (/** @type {Record<string, any>} */ query) => {
    const now = parseRoute(location.hash);
    location.hash = formatRoute(now.path, { ...now.query, ...query });
  };
  return view({ route, api, signal, change });
}

function reload() {
  shown = { ...shown, path: '', view: null };
  show();
}

/**
 * @param {boolean} first whether the page itself has just been loaded: then focus stays where browsers put it
 * @param {string|null|undefined} focused what had focus in the same view before
 */
function arrive(first, focused) {
  announce(document.title);
  const same = focused ? document.getElementById(focused) : null;
  if (same) {
    same.focus({ preventScroll: true });
  } else if (!first) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

/** @param {string} place */
function drawNavigation(place) {
  const links = PLACES.map(({ path, text }) =>
    h('a', { href: formatRoute(path), 'aria-current': path[0] === place && 'page' }, text),
  );
  document.getElementById('navigation')?.replaceChildren(...links);
}

document.querySelector('.skip')?.addEventListener('click', (event) => {
  // The address is the view's; the usual jump would lose it.
  event.preventDefault();
  main.focus();
});
openTheme(/** @type {HTMLButtonElement} */ (document.getElementById('theme')));
addEventListener('hashchange', show);
addEventListener('runcomplete', reload);
show();
