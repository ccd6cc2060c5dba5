/**
 * A value of every head as a map of layers and heads, blue below 0 and vermilion above it.
 *
 * @module
 */
import { categoryName, colours, countedAxis, emptyChart, format, frame, modelName, narrowRoom, partOf, promptCounts, roles, tick, tooltip, widthOf } from './theme.js';

/** @typedef {import('../api/types.js').Heads} Heads */
/** @typedef {import('../api/types.js').HeadRow} HeadRow */
/** @typedef {import('../api/types.js').Part} Part */
/** @typedef {'self_minus_neutral'|'self_minus_confounder'|'rfc'|'rsi'|'did'|'denoising'|'noising'} HeadValue */
/** @typedef {import('./theme.js').Settings & {value?: HeadValue, values?: HeadValue[], selected?: {layer: number, head: number}}} HeatmapSettings
 *   `values`: several maps side by side; `selected`: a head with a frame around it */

/** @param {Heads} data @param {HeatmapSettings} settings */
export function size(data, settings) {
  return { width: widthOf(settings), height: Math.min(900, 250 + Math.max(8, data.layer_count) * 18) + narrowRoom(settings) };
}

/**
 * Value of a head; null where it does not exist.
 * @param {HeadRow} row @param {HeadValue} value @param {Part} part
 * @returns {number|null}
 */
export function headValue(row, value, part) {
  const own = row.parts[part];
  switch (value) {
    case 'self_minus_neutral': return minus(own?.self_nats, own?.neutral_nats);
    case 'self_minus_confounder': return minus(own?.self_nats, own?.confounder_nats);
    case 'rfc': return own?.rfc ?? null;
    case 'rsi': return own?.rsi ?? null;
    case 'did': return row.did?.did_median ?? null;
    case 'denoising': return row.patching?.denoising.value ?? null;
    case 'noising': return row.patching?.noising?.value ?? null;
    default: throw new Error(`No head value is called "${value}".`);
  }
}

/** @param {HeadValue[]} values */
function several(values) {
  return values.every((value) => value.startsWith('self_minus')) ? 'Differences of entropy' : 'Values';
}

/** @param {number|null|undefined} a @param {number|null|undefined} b */
function minus(a, b) {
  return a === null || a === undefined || b === null || b === undefined ? null : a - b;
}

/**
 * A value in words.
 * @param {HeadValue} value @param {HeatmapSettings} settings
 * @returns {{name: string, unit: string, caption: string, both: boolean, missing: string, categories: string[]}} `both`: it belongs to two
 *   models, not one; `categories` that it is made from
 */
export function describe(value, settings = {}) {
  const { self, neutral, confounder } = roles(settings);
  const [s, n, c] = [self, neutral, confounder].map(categoryName);
  const pooled = 'exact entropy pooled over prompts and query positions';
  switch (value) {
    case 'self_minus_neutral':
      return { name: `H ${s} − H ${n}`, unit: 'nats', caption: `H: ${pooled}`, both: false, missing: `There are no ${n} prompts.`, categories: [self, neutral] };
    case 'self_minus_confounder':
      return { name: `H ${s} − H ${c}`, unit: 'nats', caption: `H: ${pooled}`, both: false, missing: `There are no ${c} prompts.`, categories: [self, confounder] };
    case 'rfc':
      return { name: 'RFC', unit: '', caption: `RFC = 1 − H ${s} / H ${n}, ${pooled}`, both: false, missing: `There are no ${n} prompts.`, categories: [self, neutral] };
    case 'rsi':
      return {
        name: 'RSI', unit: '', caption: `RSI = (H ${c} − H ${s}) / H ${n}, ${pooled}`, both: false, missing: `There are no ${c} prompts.`,
        categories: [self, neutral, confounder],
      };
    case 'did':
      return {
        name: 'DiD', unit: 'nats', both: true,
        caption: `DiD: median over pairs of prompts of (instruct − base of ${s}) − (instruct − base of ${n}), entropy of each prompt`,
        missing: 'Differences in differences need two models and pairs of prompts.', categories: [self, neutral],
      };
    case 'denoising':
      return {
        name: 'Recovery (denoising)', unit: '', both: true, caption: 'Recovery when this head alone is patched: 0 no effect, 1 full',
        missing: 'No sweep of patches was made for these models.', categories: [],
      };
    case 'noising':
      return {
        name: 'Recovery (noising)', unit: '', both: true, caption: 'Recovery when this head alone is patched: 0 no effect, 1 full',
        missing: 'No sweep of patches was made for these models.', categories: [],
      };
    default: throw new Error(`No head value is called "${value}".`);
  }
}

/**
 * Items of the heat-map series are `[head, layer, value]`, one for every head that has a value, in the order of `data.heads`.
 * @param {Heads} data @param {HeatmapSettings} [settings]
 */
export function option(data, settings = {}) {
  const values = settings.values ?? [settings.value ?? 'self_minus_neutral'];
  const part = partOf(data.parts, settings);
  const described = values.map((value) => describe(value, settings));
  const models = described.every((d) => d.both) ? 'instruct against base' : modelName(part, settings);
  const title = `${values.length === 1 ? described[0].name : several(values)} of every head: ${models}`;
  const maps = values.map((value) => data.heads
    .map((row) => ({ row, value: headValue(row, value, part) }))
    .filter((cell) => cell.value !== null));
  if (maps.every((cells) => cells.length === 0)) return emptyChart(settings, title, described[0].missing);
  const palette = colours(settings);
  const most = limit(maps.flat().map((cell) => Math.abs(/** @type {number} */ (cell.value))));
  const captions = [...new Set(described.map((d) => d.caption))];
  const counts = promptCounts(settings, [...new Set(described.flatMap((d) => d.categories))]);
  const degenerate = data.heads.filter((row) => row.parts[part]?.degenerate).length;
  const { option: base, top } = frame(settings, title, [
    `${captions.join('; ')}.`, counts === '' ? '' : `n = ${counts}.`,
    most.clamped > 0 ? `${most.clamped} ${most.clamped === 1 ? 'value lies' : 'values lie'} beyond the ends of the colours.` : '',
    degenerate > 0 && !described[0].both ? `${degenerate} ${degenerate === 1 ? 'head is' : 'heads are'} degenerate (frame).` : '',
    maps.some((cells) => cells.length < data.heads.length) ? 'Grey: not defined.' : '',
    ...described.filter((_, i) => maps[i].length === 0).map((d) => d.missing),
  ].filter((sentence) => sentence !== '').join(' '));
  const width = widthOf(settings);
  const left = 64;
  const gap = 48;
  const right = 116;
  const panel = (width - left - right - gap * (values.length - 1)) / values.length;
  const gridTop = top + (values.length > 1 ? 28 : 4);
  const grids = values.map((_, i) => ({
    left: left + i * (panel + gap), width: panel, top: gridTop, bottom: 56, show: true, backgroundColor: palette.missing, borderWidth: 0,
  }));
  return {
    ...base,
    title: [base.title, ...(values.length > 1 ? described.map((d, i) => ({
      text: d.name, left: left + i * (panel + gap) + panel / 2, top: gridTop - 24, textAlign: 'center',
      textStyle: { fontFamily: base.textStyle.fontFamily, fontSize: 13, fontWeight: 'bold', color: palette.text },
    })) : [])],
    tooltip: tooltip(settings, 'item', (item) => {
      const d = described[item.seriesIndex] ?? described[0];
      const [head, layer, value] = item.value;
      const own = data.heads.find((row) => row.layer === layer && row.head === head)?.parts[part];
      return [`layer ${layer}, head ${head}`, `${d.name}: ${format(value)}${d.unit === '' ? '' : ` ${d.unit}`}`,
        ...(own?.degenerate ? ['degenerate: neutral entropy is almost 0'] : [])].join('\n');
    }),
    grid: grids,
    xAxis: values.map((_, i) => countedAxis(settings, 'x', 'head', data.head_count, { gridIndex: i, axisTick: { show: false } })),
    yAxis: values.map((_, i) => countedAxis(settings, 'y', i === 0 ? 'layer' : '', data.layer_count,
      { gridIndex: i, nameGap: 34, inverse: true, axisTick: { show: false } })),
    visualMap: {
      type: 'continuous', min: -most.value, max: most.value, dimension: 2, calculable: false, orient: 'vertical', right: 12,
      top: gridTop, itemHeight: 200, itemWidth: 14, hoverLink: false, seriesIndex: values.map((_, i) => i),
      inRange: { color: [palette.low, palette.middle, palette.high] }, outOfRange: { color: [palette.low, palette.middle, palette.high] },
      text: [ends(most.value, described[0].unit, most.clamped > 0 ? '≥ ' : ''), ends(-most.value, described[0].unit, most.clamped > 0 ? '≤ ' : '')],
      textStyle: { color: palette.text, fontFamily: base.textStyle.fontFamily, fontSize: 12 },
    },
    series: values.map((_, i) => ({
      type: 'heatmap', name: described[i].name, xAxisIndex: i, yAxisIndex: i,
      itemStyle: { borderColor: palette.background, borderWidth: data.head_count > 16 ? 0.5 : 1 },
      emphasis: { itemStyle: { borderColor: palette.text, borderWidth: 2 } },
      data: maps[i].map(({ row, value }) => cell(row, value, settings, part, described[i].both)),
    })),
  };
}

/** @param {HeadRow} row @param {number|null} value @param {HeatmapSettings} settings @param {Part} part @param {boolean} both */
function cell(row, value, settings, part, both) {
  const item = [row.head, row.layer, value];
  const palette = colours(settings);
  if (settings.selected?.layer === row.layer && settings.selected.head === row.head) {
    return { value: item, itemStyle: { borderColor: palette.text, borderWidth: 3 } };
  }
  return !both && row.parts[part]?.degenerate ? { value: item, itemStyle: { borderColor: palette.muted, borderWidth: 2 } } : item;
}

/**
 * Where colours end: at the greatest value; among 100 values or more at the 99th percentile of them where the greatest is more than twice
 * that, since one head with almost no neutral entropy would otherwise leave all others white.
 * @param {number[]} magnitudes
 */
function limit(magnitudes) {
  const sorted = [...magnitudes].sort((a, b) => a - b);
  const greatest = sorted[sorted.length - 1];
  const high = sorted[Math.ceil(0.99 * sorted.length) - 1];
  if (sorted.length < 100 || greatest <= 2 * high || high === 0) return { value: greatest === 0 ? 1e-6 : greatest, clamped: 0 };
  return { value: high, clamped: sorted.filter((v) => v > high).length };
}

/** @param {number} value @param {string} unit @param {string} sign */
function ends(value, unit, sign) {
  return `${sign}${tick(Number(value.toPrecision(2)))}${unit === '' ? '' : ` ${unit}`}`;
}
