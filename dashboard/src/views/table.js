/**
 * Tables of numbers.
 *
 * @module
 */

import { h } from './dom.js';

/** @typedef {import('../state/sort.js').Order} Order */
/** @typedef {{name: string, text: string, title?: string, number?: boolean}} Column `title` explains a short name */
/** @typedef {{columns: string[], rows: (string|number)[][]}} PlainTable */

/**
 * A table that scrolls in its own box, so that the page does not.
 *
 * @param {string} caption
 * @param {PlainTable} table first column names the row
 * @returns {HTMLElement}
 */
export function plainTable(caption, { columns, rows }) {
  const head = h('tr', null, columns.map((name) => h('th', { scope: 'col' }, name)));
  return scrolling(
    caption,
    h('table', null, h('caption', { class: 'hidden-text' }, caption), h('thead', null, head), h('tbody', null, rows.map(bodyRow))),
  );
}

/**
 * The data behind a chart. Rows are made when it is opened.
 *
 * @param {string} caption
 * @param {() => PlainTable} table
 * @returns {HTMLDetailsElement}
 */
export function dataTable(caption, table) {
  const details = h('details', { class: 'data' }, h('summary', null, 'Show data as table'));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(plainTable(`Data of: ${caption}`, table()));
    }
  });
  return details;
}

/**
 * A column head that sorts.
 *
 * @param {Column} column
 * @param {Order|null} order of the table by this column, null where it is sorted by another
 * @param {() => void} sort
 */
export function sortableHead(column, order, sort) {
  const arrow = order === null ? '' : order === 'ascending' ? ' ▲' : ' ▼';
  return h(
    'th',
    { scope: 'col', 'aria-sort': order ?? 'none' },
    h('button', { type: 'button', class: 'sort', 'data-column': column.name, title: column.title, onClick: sort }, column.text,
      h('span', { 'aria-hidden': 'true' }, arrow)),
  );
}

/**
 * @param {string} label
 * @param {HTMLElement} content
 */
export function scrolling(label, content) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, content);
}

/** @param {(string|number)[]} cells */
function bodyRow(cells) {
  return h('tr', null, cells.map((cell, column) => (column === 0 ? h('th', { scope: 'row' }, cell) : h('td', null, cell))));
}
