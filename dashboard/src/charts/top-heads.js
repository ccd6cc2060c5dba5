/**
 * The heads of each layer whose entropies tell self-referent prompts from the confounder the most.
 *
 * @module
 */
import { headValue } from './head-heatmap.js';
import { axis, categoryName, colours, countedAxis, emptyChart, format, frame, modelName, narrowRoom, partOf, promptCounts, roles, tooltip, widthOf, zeroLine } from './theme.js';

/** @typedef {import('../api/types.js').Heads} Heads */
/** @typedef {import('./theme.js').Settings & {top?: number}} TopHeadsSettings `top`: how many of each layer */

/** @param {Heads} data @param {TopHeadsSettings} settings */
export function size(data, settings) {
  return { width: settings.width ?? (data.layer_count > 12 ? 1400 : 1000), height: 560 + narrowRoom(settings) };
}

/** @param {Heads} data @param {TopHeadsSettings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const { self, confounder } = roles(settings);
  const palette = colours(settings);
  const many = data.layer_count > 12;
  const count = Math.min(settings.top ?? (data.layer_count > 12 ? 3 : 5), data.head_count);
  const difference = `H ${categoryName(self)} − H ${categoryName(confounder)}`;
  const title = `Top ${count} heads of each layer by |${difference}|: ${modelName(part, settings)}`;
  const ranked = Array.from({ length: data.layer_count }, (_, layer) => data.heads
    .filter((row) => row.layer === layer)
    .map((row) => ({ head: row.head, value: headValue(row, 'self_minus_confounder', part), degenerate: !!row.parts[part]?.degenerate }))
    .filter((entry) => entry.value !== null)
    .sort((a, b) => Math.abs(/** @type {number} */ (b.value)) - Math.abs(/** @type {number} */ (a.value)) || a.head - b.head)
    .slice(0, count));
  if (ranked.every((heads) => heads.length === 0)) {
    return emptyChart(settings, title, `There are no ${categoryName(confounder)} prompts to compare with.`);
  }
  const counts = promptCounts(settings, [self, confounder]);
  const { option: base, top } = frame(settings, title,
    `H: exact entropy pooled over prompts and query positions${counts === '' ? '' : `, n = ${counts}`}. Numbers at the bars are heads; ranked from left to right within a layer. No interval: pooled over all positions.`);
  return {
    ...base,
    tooltip: tooltip(settings, 'item', (item) => {
      const entry = ranked[item.dataIndex][item.seriesIndex];
      return `layer ${item.dataIndex}, head ${entry.head}\n${difference}: ${format(entry.value)} nats${entry.degenerate ? '\ndegenerate' : ''}`;
    }),
    grid: { left: 76, right: 24, top: top + 16, bottom: 56 },
    xAxis: countedAxis(settings, 'x', 'layer', data.layer_count),
    yAxis: axis(settings, 'y', `${difference} (nats)`, { type: 'value', boundaryGap: ['6%', '6%'] }),
    series: Array.from({ length: count }, (_, rank) => ({
      type: 'bar', name: `rank ${rank + 1}`, barCategoryGap: '22%', barGap: '8%',
      label: {
        show: true, distance: 3, color: palette.text, fontSize: many ? 9 : 12,
        formatter: (/** @type {any} */ item) => String(ranked[item.dataIndex][rank]?.head ?? ''),
      },
      data: ranked.map((heads) => {
        const value = heads[rank]?.value ?? null;
        return {
          value,
          itemStyle: { color: (value ?? 0) < 0 ? palette.low : palette.high },
          label: (value ?? 0) < 0
            ? { position: 'bottom', ...(many ? { rotate: 90, align: 'right', verticalAlign: 'middle' } : {}) }
            : { position: 'top', ...(many ? { rotate: 90, align: 'left', verticalAlign: 'middle' } : {}) },
        };
      }),
      ...(rank === 0 ? { markLine: zeroLine(settings) } : {}),
    })),
  };
}
