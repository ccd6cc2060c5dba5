/**
 * Confounder minus self over layers: what is left of the effect against prompts with the same form about somebody else.
 *
 * @module
 */
import { band } from './marks.js';
import { counted, layerCount, ordered, unit, words } from './rows.js';
import {
  axis, categoryColour, categoryName, colours, countedAxis, emptyChart, format, frame, legend, legendHeight, modelName, narrowRoom, partOf, roles,
  tooltip, widthOf, zeroLine,
} from './theme.js';

/** @typedef {import('../api/types.js').Categories} Categories */
/** @typedef {import('./theme.js').Settings} Settings */

/** @param {Categories} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 520 + narrowRoom(settings) };
}

/** @param {Categories} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const { self, confounder } = roles(settings);
  const name = `${categoryName(confounder)} − ${categoryName(self)}`;
  const title = `ΔH per layer, ${name}: ${modelName(part, settings)}`;
  const rows = data.differences.filter((row) => row.part === part && row.minuend === confounder && row.subtrahend === self);
  if (!rows.some((row) => row.mean !== null)) {
    return emptyChart(settings, title, `There are no ${categoryName(confounder)} prompts to compare with.`);
  }
  const layers = layerCount(rows);
  const own = ordered(rows, layers);
  const colour = categoryColour(confounder, data.categories, settings);
  const background = colours(settings).background;
  const { option: base, top } = frame(settings, title,
    `${words(data.entropy)}, mean over heads; difference of means over prompts, band: 95% Welch interval${counted(data, part, [self, confounder])}. Filled: the interval excludes 0.`);
  return {
    ...base,
    legend: legend(settings, top, [name]),
    tooltip: tooltip(settings, 'axis', (items) => {
      const row = own[items[0].dataIndex];
      return `layer ${items[0].dataIndex}\n${name}: ${format(row?.mean)} [${format(row?.low)}, ${format(row?.high)}] nats`;
    }),
    grid: { left: 76, right: 24, top: top + legendHeight(settings, [name]) + 8, bottom: 56 },
    xAxis: countedAxis(settings, 'x', 'layer', layers),
    yAxis: axis(settings, 'y', `Δ ${unit(data.entropy)}`, { type: 'value' }),
    series: [
      {
        type: 'line', name, z: 3, symbol: 'circle', symbolSize: 9, showAllSymbol: true, lineStyle: { width: 2, color: colour },
        itemStyle: { color: colour },
        data: own.map((row) => ({
          value: row?.mean ?? null,
          itemStyle: excludesZero(row) ? { color: colour } : { color: background, borderColor: colour, borderWidth: 2 },
        })),
        markLine: zeroLine(settings),
      },
      band({ name, colour, intervals: own.map((row, layer) => [layer, row?.low ?? null, row?.high ?? null]) }),
    ],
  };
}

/** Whether an interval lies on one side of 0. @param {{low: number|null, high: number|null}|undefined} row */
export function excludesZero(row) {
  return !!row && row.low !== null && row.high !== null && (row.low > 0 || row.high < 0);
}
