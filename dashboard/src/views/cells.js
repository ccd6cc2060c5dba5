/**
 * Where the cells of a drawn map lie. Columns run rightwards, rows downwards.
 *
 * @module
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Box in pixels of the chart's element */

/**
 * The area that cells fill.
 *
 * @param {any} instance a drawn chart, or undefined
 * @returns {Box|null} null where the chart has none
 */
export function area(instance) {
  const grid = instance?.getModel().getComponent('grid', 0);
  return grid ? { ...grid.coordinateSystem.getRect() } : null;
}

/**
 * @param {Box} all
 * @param {number} columns
 * @param {number} rows
 * @param {number} column
 * @param {number} row
 * @returns {Box}
 */
export function cellBox(all, columns, rows, column, row) {
  const [width, height] = [all.width / columns, all.height / rows];
  return { x: all.x + column * width, y: all.y + row * height, width, height };
}

/**
 * The cell at a point. Beside the area, where labels stand, one of both is known.
 *
 * @param {Box} all
 * @param {number} columns
 * @param {number} rows
 * @param {number} x
 * @param {number} y
 * @returns {{column: number|null, row: number|null}}
 */
export function cellAt(all, columns, rows, x, y) {
  const column = Math.floor(((x - all.x) / all.width) * columns);
  const row = Math.floor(((y - all.y) / all.height) * rows);
  return { column: column >= 0 && column < columns ? column : null, row: row >= 0 && row < rows ? row : null };
}

/**
 * Lays an element over a box.
 *
 * @param {HTMLElement} element
 * @param {Box|null} box null hides it
 */
export function cover(element, box) {
  element.hidden = box === null;
  if (box) {
    const { x, y, width, height } = box;
    Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  }
}
