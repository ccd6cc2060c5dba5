/**
 * Marks that ECharts has no series for: bands and error bars, as custom series. A value that is `null` leaves a gap.
 *
 * @module
 */

/** @typedef {import('./theme.js').Option} Option */
/** An interval at a place of a category axis: `[place, low, high]`. @typedef {[number, number|null, number|null]} Interval */

/** Whether both ends exist. @param {Interval} interval */
function exists(interval) {
  return interval[1] !== null && interval[2] !== null && !Number.isNaN(interval[1]) && !Number.isNaN(interval[2]);
}

/** Runs of neighbours without a gap. @param {Interval[]} intervals @returns {Interval[][]} */
export function runs(intervals) {
  /** @type {Interval[][]} */
  const found = [];
  let open = false;
  for (const interval of intervals) {
    if (!exists(interval)) {
      open = false;
    } else if (open) {
      found[found.length - 1].push(interval);
    } else {
      found.push([interval]);
      open = true;
    }
  }
  return found;
}

/**
 * A band between low and high, behind its line.
 * @param {{name: string, colour: string, intervals: Interval[], more?: Option}} band `name` of the line it belongs to, so that one
 *   legend entry rules both
 * @returns {Option}
 */
export function band({ name, colour, intervals, more = {} }) {
  const parts = runs(intervals);
  return {
    type: 'custom', name, silent: true, z: 1, clip: true, itemStyle: { color: colour }, tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: intervals,
    renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
      if (params.dataIndexInside !== 0) return undefined;
      return {
        type: 'group',
        children: parts.flatMap((part) => {
          const upper = part.map(([x, , high]) => api.coord([x, high]));
          const lower = part.map(([x, low]) => api.coord([x, low]));
          return [
            { type: 'polygon', shape: { points: [...upper, ...[...lower].reverse()] }, style: { fill: colour, opacity: 0.12 } },
            ...[upper, lower].map((points) => ({
              type: 'polyline', shape: { points }, style: { fill: 'none', stroke: colour, opacity: 0.55, lineWidth: 1, lineDash: [2, 3] },
            })),
          ];
        }),
      };
    },
    ...more,
  };
}

/**
 * Error bars.
 * @param {{name: string, colour: string, intervals: Interval[], offset?: number, more?: Option}} bars `offset` from the middle of the
 *   place, as a share of the width between two places
 * @returns {Option}
 */
export function errorBars({ name, colour, intervals, offset = 0, more = {} }) {
  return {
    type: 'custom', name, silent: true, z: 5, clip: true, itemStyle: { color: colour }, tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: intervals.filter(exists),
    renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
      const width = api.size([1, 0])[0];
      const [x, high] = api.coord([api.value(0), api.value(2)]);
      const low = api.coord([api.value(0), api.value(1)])[1];
      const middle = x + offset * width;
      const cap = Math.min(4, width * 0.12);
      const line = (/** @type {number} */ x1, /** @type {number} */ y1, /** @type {number} */ x2, /** @type {number} */ y2) => ({
        type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 1.4 },
      });
      return {
        type: 'group',
        children: [
          line(middle, high, middle, low),
          line(middle - cap, high, middle + cap, high),
          line(middle - cap, low, middle + cap, low),
        ],
      };
    },
    ...more,
  };
}
