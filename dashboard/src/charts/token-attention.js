/**
 * Mean attention of each head to the first three keys, by category, for a few layers.
 *
 * @module
 */
import {
  axis, categoryColour, categoryName, colours, countedAxis, emptyChart, format, frame, legend, legendHeight, modelName, narrowRoom, partOf, promptCounts,
  tooltip, widthOf,
} from './theme.js';

/** @typedef {import('../api/types.js').KeyAttention} KeyAttention */
/** @typedef {import('./theme.js').Settings & {layers?: number[], keys?: 'first'|'last', categories?: string[]}} TokenAttentionSettings */

const PANEL = 190;

/** @param {KeyAttention} data @param {TokenAttentionSettings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 150 + Math.max(1, shownLayers(data, settings).length) * PANEL + narrowRoom(settings) };
}

/** Layers that are drawn: those asked for, else the first, the middle and the last that the data hold. @param {KeyAttention} data @param {TokenAttentionSettings} settings */
export function shownLayers(data, settings) {
  const layers = [...new Set(data.rows.map((row) => row.layer))].sort((a, b) => a - b);
  if (settings.layers) return layers.filter((layer) => settings.layers?.includes(layer));
  if (layers.length <= 3) return layers;
  return [layers[0], layers[Math.floor((layers.length - 1) / 2)], layers[layers.length - 1]];
}

/** @param {KeyAttention} data @param {TokenAttentionSettings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const keys = settings.keys ?? 'first';
  const title = `Attention to the ${keys} three tokens by head: ${modelName(part, settings)}`;
  const layers = shownLayers(data, settings);
  const rows = data.rows.filter((row) => row.part === part && layers.includes(row.layer));
  const categories = (settings.categories ?? data.categories).filter((c) => rows.some((row) => row.category === c && row[keys] !== null));
  if (categories.length === 0) return emptyChart(settings, title, 'Attention to single tokens was not measured in this run.');
  const heads = rows.reduce((most, row) => Math.max(most, row.head + 1), 0);
  const names = categories.map(categoryName);
  const counts = promptCounts(settings, categories);
  const { option: base, top } = frame(settings, title,
    `Mean attention from query positions after the first to the ${keys} three keys, averaged over prompts${counts === '' ? '' : ` (n = ${counts})`}. A mean of means, without interval.`);
  const first = top + legendHeight(settings, names) + 24;
  const palette = colours(settings);
  return {
    ...base,
    title: [base.title, ...layers.map((layer, i) => ({
      text: `layer ${layer}`, left: 76, top: first + i * PANEL - 22,
      textStyle: { fontFamily: base.textStyle.fontFamily, fontSize: 13, fontWeight: 'bold', color: palette.text },
    }))],
    legend: legend(settings, top, names),
    tooltip: tooltip(settings, 'item', (item) => {
      const layer = layers[Math.floor(item.seriesIndex / categories.length)];
      return `layer ${layer}, head ${item.dataIndex}\n${item.seriesName}: ${format(item.value)}`;
    }),
    grid: layers.map((_, i) => ({ left: 76, right: 24, top: first + i * PANEL, height: PANEL - 62 })),
    xAxis: layers.map((_, i) => countedAxis(settings, 'x', i === layers.length - 1 ? 'head' : '', heads, { gridIndex: i })),
    yAxis: layers.map((_, i) => axis(settings, 'y', 'mean attention', { type: 'value', gridIndex: i, splitNumber: 3, min: 0 })),
    series: layers.flatMap((layer, i) => categories.map((category) => ({
      type: 'bar', name: categoryName(category), xAxisIndex: i, yAxisIndex: i, barCategoryGap: '26%', barGap: '6%',
      itemStyle: { color: categoryColour(category, data.categories, settings) },
      data: Array.from({ length: heads },
        (_, head) => rows.find((row) => row.layer === layer && row.head === head && row.category === category)?.[keys] ?? null),
    }))),
  };
}
