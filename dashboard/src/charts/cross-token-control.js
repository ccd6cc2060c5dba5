/**
 * A control: whether attention differs between self-referent and neutral prompts at the first keys only, or at the last ones alike.
 *
 * @module
 */
import { axis, categoryName, colours, countedAxis, emptyChart, format, frame, legend, legendHeight, modelName, narrowRoom, partOf, promptCounts, roles, tooltip, widthOf, zeroLine } from './theme.js';
import { mean } from './kernel-density.js';
import { layerCount } from './rows.js';

/** @typedef {import('../api/types.js').KeyAttention} KeyAttention */
/** @typedef {import('./theme.js').Settings} Settings */

/** @param {KeyAttention} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 540 + narrowRoom(settings) };
}

/** @param {KeyAttention} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const { self, neutral } = roles(settings);
  const title = `Cross-token control, ${categoryName(self)} − ${categoryName(neutral)}: ${modelName(part, settings)}`;
  const rows = data.rows.filter((row) => row.part === part);
  const layers = layerCount(rows);
  const palette = colours(settings);
  const keys = /** @type {const} */ ([
    { key: 'first', name: 'first three tokens', colour: palette.first, symbol: 'circle', offset: -0.19 },
    { key: 'last', name: 'last three tokens', colour: palette.last, symbol: 'triangle', offset: 0.19 },
  ]);
  /** @type {Map<string, import('../api/types.js').KeyAttentionRow>} */
  const found = new Map(rows.map((row) => [`${row.layer} ${row.head} ${row.category}`, row]));
  const differences = keys.map(({ key }) => Array.from({ length: layers }, (_, layer) => rows
    .filter((row) => row.layer === layer && row.category === self)
    .map((row) => {
      const other = found.get(`${layer} ${row.head} ${neutral}`);
      return { head: row.head, value: row[key] === null || !other || other[key] === null ? null : row[key] - other[key] };
    })
    .filter((/** @type {{value: number|null}} */ d) => d.value !== null)));
  if (differences.every((byLayer) => byLayer.every((heads) => heads.length === 0))) {
    return emptyChart(settings, title, `Attention to single tokens was not measured for both ${categoryName(self)} and ${categoryName(neutral)} prompts.`);
  }
  const names = keys.map(({ name }) => name);
  const counts = promptCounts(settings, [self, neutral]);
  const { option: base, top } = frame(settings, title,
    `Difference of mean attention to a key, query positions after the first, averaged over prompts${counts === '' ? '' : ` (n = ${counts})`}; bar: mean over heads, points: single heads.`);
  return {
    ...base,
    legend: legend(settings, top, names),
    tooltip: tooltip(settings, 'item', (item) => (item.seriesType === 'bar'
      ? `layer ${item.dataIndex}\n${item.seriesName}, mean over heads: ${format(item.value)}`
      : `layer ${item.value[0]}, head ${item.value[2]}\n${item.seriesName}: ${format(item.value[1])}`)),
    grid: { left: 76, right: 24, top: top + legendHeight(settings, names) + 8, bottom: 56 },
    xAxis: countedAxis(settings, 'x', 'layer', layers),
    yAxis: axis(settings, 'y', 'Δ mean attention', { type: 'value' }),
    series: keys.flatMap(({ name, colour, symbol, offset }, i) => [
      {
        type: 'bar', name, z: 2, barWidth: '34%', barGap: '12%', itemStyle: { color: colour, opacity: 0.85 }, markLine: zeroLine(settings),
        data: differences[i].map((heads) => (heads.length === 0 ? null : mean(heads.map((d) => /** @type {number} */ (d.value))))),
      },
      {
        type: 'custom', name, z: 4, clip: true, itemStyle: { color: colour }, encode: { x: 0, y: 1 },
        data: differences[i].flatMap((heads, layer) => heads.map((d) => [layer, d.value, d.head])),
        renderItem: (/** @type {any} */ params, /** @type {any} */ api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)]);
          const style = { fill: palette.muted, stroke: palette.background, lineWidth: 0.6 };
          const middle = x + offset * api.size([1, 0])[0];
          return symbol === 'circle'
            ? { type: 'circle', shape: { cx: middle, cy: y, r: 2.6 }, style }
            : {
              type: 'polygon', shape: { points: [[middle - 3, y + 2.6], [middle + 3, y + 2.6], [middle, y - 3]] },
              style,
            };
        },
      },
    ]),
  };
}
