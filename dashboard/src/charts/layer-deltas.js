/**
 * How much lower self-referent prompts lie, layer by layer: neutral minus self and confounder minus self.
 *
 * @module
 */
import { errorBars } from './marks.js';
import { counted, layerCount, ordered, unit, words } from './rows.js';
import {
  axis, categoryColour, categoryName, countedAxis, emptyChart, format, frame, legend, legendHeight, modelName, narrowRoom, partOf, roles, tooltip,
  widthOf, zeroLine,
} from './theme.js';

/** @typedef {import('../api/types.js').Categories} Categories */
/** @typedef {import('./theme.js').Settings} Settings */

/** @param {Categories} data @param {Settings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: 540 + narrowRoom(settings) };
}

/** @param {Categories} data @param {Settings} [settings] */
export function option(data, settings = {}) {
  const part = partOf(data.parts, settings);
  const title = `Entropy against self-referent prompts by layer: ${modelName(part, settings)}`;
  const { self, neutral, confounder } = roles(settings);
  const all = data.differences.filter((row) => row.part === part && row.subtrahend === self);
  const minuends = [neutral, confounder].filter((category) => all.some((row) => row.minuend === category && row.mean !== null));
  if (minuends.length === 0) {
    return emptyChart(settings, title, `There are no ${categoryName(neutral)} or ${categoryName(confounder)} prompts to compare with.`);
  }
  const layers = layerCount(all);
  const names = minuends.map((category) => `${categoryName(category)} − ${categoryName(self)}`);
  const { option: base, top } = frame(settings, title,
    `${words(data.entropy)}, mean over heads; bar: difference of means over prompts, line: its 95% Welch interval${counted(data, part, [self, ...minuends])}. Above 0, attention is more focused on ${categoryName(self)} prompts.`);
  const series = minuends.flatMap((category, i) => {
    const own = ordered(all.filter((row) => row.minuend === category), layers);
    const colour = categoryColour(category, data.categories, settings);
    return [
      {
        type: 'bar', name: names[i], z: 2, barWidth: `${minuends.length === 1 ? 50 : 34}%`, barGap: '10%', itemStyle: { color: colour },
        data: own.map((row) => row?.mean ?? null), markLine: zeroLine(settings),
      },
      errorBars({
        name: names[i], colour: base.textStyle.color, offset: minuends.length === 1 ? 0 : (i - 0.5) * 0.374,
        intervals: own.map((row, layer) => [layer, row?.low ?? null, row?.high ?? null]),
      }),
    ];
  });
  return {
    ...base,
    legend: legend(settings, top, names),
    tooltip: tooltip(settings, 'axis', (items) => {
      const layer = items[0].dataIndex;
      const lines = minuends.map((category, i) => {
        const row = all.find((r) => r.layer === layer && r.minuend === category);
        return `${names[i]}: ${format(row?.mean)} [${format(row?.low)}, ${format(row?.high)}] nats`;
      });
      return [`layer ${layer}`, ...lines].join('\n');
    }),
    grid: { left: 76, right: 24, top: top + legendHeight(settings, names) + 8, bottom: 56 },
    xAxis: countedAxis(settings, 'x', 'layer', layers),
    yAxis: axis(settings, 'y', `Δ ${unit(data.entropy)}`, { type: 'value' }),
    series,
  };
}
