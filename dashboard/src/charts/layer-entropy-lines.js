/**
 * Mean attention entropy of each category over layers, with its interval as a band.
 *
 * @module
 */
import { band } from './marks.js';
import { counted, layerCount, ordered, unit, words } from './rows.js';
import {
  axis, categoryColour, categoryName, categorySymbol, countedAxis, emptyChart, format, frame, legend, legendHeight, modelName, narrowRoom, partOf,
  tooltip, widthOf,
} from './theme.js';

/** @typedef {import('../api/types.js').Categories} Categories */
/** @typedef {import('./theme.js').Settings} Settings */

/** @param {Categories} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 560 + narrowRoom(settings) };
}

/** @param {Categories} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const title = `Attention entropy by layer: ${modelName(part, settings)}`;
  const rows = data.rows.filter((row) => row.part === part);
  const categories = data.categories.filter((category) => rows.some((row) => row.category === category && row.mean !== null));
  if (categories.length === 0) {
    return emptyChart(settings, title, `No prompts were measured with ${data.entropy} entropy in the ${part} model.`);
  }
  const layers = layerCount(rows);
  const { option: base, top } = frame(settings, title,
    `${words(data.entropy)}, mean over heads and query positions; band: 95% Student t interval over prompts${counted(data, part, categories)}.`);
  const names = categories.map(categoryName);
  const series = categories.flatMap((category) => {
    const own = ordered(rows.filter((row) => row.category === category), layers);
    const colour = categoryColour(category, data.categories, settings);
    const name = categoryName(category);
    return [
      {
        type: 'line', name, z: 3, symbol: categorySymbol(category, data.categories), symbolSize: layers > 16 ? 6 : 8,
        showAllSymbol: true, lineStyle: { width: 2, color: colour }, itemStyle: { color: colour },
        data: own.map((row) => row?.mean ?? null),
      },
      band({ name, colour, intervals: own.map((row, layer) => [layer, row?.low ?? null, row?.high ?? null]) }),
    ];
  });
  return {
    ...base,
    legend: legend(settings, top, names),
    tooltip: tooltip(settings, 'axis', (items) => {
      const layer = items[0].dataIndex;
      const lines = categories.map((category) => {
        const row = rows.find((r) => r.layer === layer && r.category === category);
        return `${categoryName(category)}: ${format(row?.mean)} [${format(row?.low)}, ${format(row?.high)}] nats`;
      });
      return [`layer ${layer}`, ...lines].join('\n');
    }),
    grid: { left: 76, right: 24, top: top + legendHeight(settings, names) + 8, bottom: 56 },
    xAxis: countedAxis(settings, 'x', 'layer', layers),
    yAxis: axis(settings, 'y', unit(data.entropy), { type: 'value', scale: true }),
    series,
  };
}
