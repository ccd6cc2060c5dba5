/**
 * What all charts share: colours, fonts, words and the frame (title, caption, background) around a chart. Colours are those of
 * Okabe and Ito (https://jfly.uni-koeln.de/color/), which people with any colour vision can tell apart; diverging maps run from blue
 * over the background to vermilion, with 0 in the middle.
 *
 * @module
 */

/** @typedef {import('../api/types.js').Part} Part */

/**
 * What may be set in every chart; all of it may be left out. A chart depends on its data and on these alone.
 * @typedef {object} Settings
 * @property {boolean} [dark] light text on a dark background
 * @property {Part} [part] which model is drawn, where the data hold two: the last one unless said
 * @property {string} [title] instead of the chart's own
 * @property {Partial<Record<Part, string>>} [models] names of the models, for titles
 * @property {{self: string, neutral: string, confounder: string}} [roles] which category plays which part
 * @property {Record<string, number>} [prompts] how many prompts each category has, for captions
 * @property {number} [width] of the drawing, in pixels: 1000 unless said; captions are broken by it
 * @property {boolean} [animate] whether marks move to their places; false unless said
 */

/** What ECharts takes. @typedef {Record<string, any>} Option */

/** Size of a drawing in pixels. @typedef {{width: number, height: number}} Size */

export const FONT = 'DejaVu Sans, sans-serif';

const ROLES = { self: 'self_referent', neutral: 'neutral', confounder: 'confounder' };
const CATEGORY_SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow'];
const OTHERS = ['#E69F00', '#56B4E9', '#F0E442', '#999999'];
const LIGHT = {
  background: '#ffffff', text: '#1b1f24', muted: '#4b5563', axis: '#6b7280', split: '#e5e7eb', missing: '#d1d5db',
  self: '#D55E00', neutral: '#0072B2', confounder: '#009E73', third: '#CC79A7', first: '#56B4E9', last: '#E69F00', middle: '#ffffff',
  low: '#0072B2', high: '#D55E00',
};
const DARK = {
  background: '#14181d', text: '#e8eaed', muted: '#b3bcc7', axis: '#8b95a1', split: '#2b323a', missing: '#3b434d',
  self: '#E8702A', neutral: '#56B4E9', confounder: '#1FBF92', third: '#CC79A7', first: '#56B4E9', last: '#E69F00', middle: '#20262d',
  low: '#56B4E9', high: '#E8702A',
};

/** Colours of light or dark mode. @param {Settings} settings */
export function colours(settings) {
  return settings.dark ? DARK : LIGHT;
}

/**
 * Colour of a category: by the role it plays, else by its place among the others.
 * @param {string} category @param {string[]} categories all of them, in order @param {Settings} settings
 */
export function categoryColour(category, categories, settings) {
  const palette = colours(settings);
  const roles = settings.roles ?? ROLES;
  if (category === roles.self) return palette.self;
  if (category === roles.neutral) return palette.neutral;
  if (category === roles.confounder) return palette.confounder;
  const others = categories.filter((c) => c !== roles.self && c !== roles.neutral && c !== roles.confounder);
  return [palette.third, ...OTHERS][others.indexOf(category) % (OTHERS.length + 1)];
}

/** Mark of a category, so that colour is not all that tells them apart. @param {string} category @param {string[]} categories */
export function categorySymbol(category, categories) {
  return CATEGORY_SYMBOLS[categories.indexOf(category) % CATEGORY_SYMBOLS.length];
}

/** Colour of a model. @param {Part} part @param {Settings} settings */
export function partColour(part, settings) {
  return part === 'base' ? colours(settings).neutral : colours(settings).self;
}

/** A category in words: `self_referent` is "self-referent". @param {string} category */
export function categoryName(category) {
  return category.replaceAll('_', '-');
}

/** Which category plays which part. @param {Settings} settings */
export function roles(settings) {
  return settings.roles ?? ROLES;
}

/** The part that is drawn. @param {Part[]} parts that the data hold @param {Settings} settings @returns {Part} */
export function partOf(parts, settings) {
  return settings.part ?? parts[parts.length - 1] ?? 'single';
}

/** A model in words: its name where it is known. @param {Part} part @param {Settings} settings */
export function modelName(part, settings) {
  const name = settings.models?.[part];
  if (part === 'single') return name ?? 'the model';
  return name ? `${name} (${part})` : `${part} model`;
}

/** "30 self-referent, 30 neutral prompts"; empty where counts are not known. @param {Settings} settings @param {string[]} [categories] */
export function promptCounts(settings, categories) {
  if (!settings.prompts) return '';
  const counts = settings.prompts;
  const named = (categories ?? Object.keys(counts)).filter((c) => counts[c] !== undefined);
  return named.length === 0 ? '' : `${named.map((c) => `${counts[c]} ${categoryName(c)}`).join(', ')} prompts`;
}

/** A number in a tooltip; a missing one in words. @param {number|null|undefined} value @param {number} [digits] behind the point */
export function format(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'not defined';
  return value.toFixed(digits).replace('-', '−');
}

/** An estimate in a tooltip, with its interval where it has one. @param {import('../api/types.js').Estimate|null|undefined} estimate */
export function formatEstimate(estimate) {
  if (!estimate || estimate.value === null) return 'not defined';
  return estimate.low === null || estimate.high === null
    ? format(estimate.value)
    : `${format(estimate.value)} [${format(estimate.low)}, ${format(estimate.high)}]`;
}

/** Width of a drawing. @param {Settings} settings */
export function widthOf(settings) {
  return settings.width ?? 1000;
}

/**
 * Height that titles, captions and legends take beyond their usual one where a drawing is narrow.
 * @param {Settings} settings
 */
export function narrowRoom(settings) {
  return Math.round(Math.max(0, 800 - widthOf(settings)) * 0.42);
}

/**
 * A text broken between words, by DejaVu Sans's mean width of a letter (0.58 of its size, bold 0.66): ECharts would break before commas.
 * @param {string} text @param {number} size in pixels @param {boolean} bold @param {number} width in pixels
 * @returns {string[]} lines; none of an empty text
 */
export function wrapped(text, size, bold, width) {
  const most = Math.floor(width / (size * (bold ? 0.66 : 0.58)));
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ').filter((w) => w !== '')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= most) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * Everything of an option but axes, legend and series, and how far down title and caption reach.
 * @param {Settings} settings
 * @param {string} title
 * @param {string} caption estimator, number of prompts, interval
 * @returns {{option: Option, top: number}} `top` in pixels: the first free one below the caption
 */
export function frame(settings, title, caption) {
  const palette = colours(settings);
  const text = settings.title ?? title;
  const width = Math.max(200, widthOf(settings) - 32);
  const titleLines = wrapped(text, 17, true, width);
  const captionLines = wrapped(caption, 12, false, width);
  const option = {
    backgroundColor: palette.background,
    textStyle: { fontFamily: FONT, color: palette.text },
    animation: settings.animate ?? false,
    title: {
      text: titleLines.join('\n'), subtext: captionLines.join('\n'), left: 16, top: 12, itemGap: 6,
      textStyle: { fontFamily: FONT, fontSize: 17, fontWeight: 'bold', lineHeight: 22, color: palette.text },
      subtextStyle: { fontFamily: FONT, fontSize: 12, lineHeight: 17, color: palette.muted },
    },
    aria: { enabled: true, label: { description: `${text}. ${caption}` } },
  };
  return { option, top: 12 + 22 * titleLines.length + 6 + 17 * captionLines.length + 8 };
}

/** A chart that has nothing to show, and says why. @param {Settings} settings @param {string} title @param {string} sentence */
export function emptyChart(settings, title, sentence) {
  const { option } = frame(settings, title, '');
  const lines = wrapped(sentence, 14, false, widthOf(settings) - 80);
  return {
    ...option,
    graphic: {
      type: 'text', left: 'center', top: 'middle', silent: true,
      style: {
        text: lines.join('\n'), fill: colours(settings).muted, font: `14px ${FONT}`, textAlign: 'center', lineHeight: 20,
      },
    },
    series: [],
  };
}

/**
 * A legend below the caption.
 * @param {Settings} settings @param {number} top @param {(string|Option)[]} names of series
 */
export function legend(settings, top, names) {
  return {
    data: names, top, left: 16, width: widthOf(settings) - 32, itemGap: 16, itemWidth: 22,
    textStyle: { fontFamily: FONT, color: colours(settings).text },
    inactiveColor: colours(settings).missing,
  };
}

/** Height in pixels of a legend. @param {Settings} settings @param {string[]} names */
export function legendHeight(settings, names) {
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const width = 22 + 8 + name.length * 7.4 + 16;
    if (used > 0 && used + width > widthOf(settings) - 32) {
      lines += 1;
      used = 0;
    }
    used += width;
  }
  return 14 + 22 * lines;
}

/**
 * An axis with a name.
 * @param {Settings} settings @param {'x'|'y'} direction @param {string} name with its unit @param {Option} [more]
 */
export function axis(settings, direction, name, more = {}) {
  const palette = colours(settings);
  return {
    name,
    nameLocation: 'middle',
    nameGap: direction === 'x' ? 28 : 50,
    nameTextStyle: { color: palette.text, fontFamily: FONT, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: palette.axis } },
    axisTick: { lineStyle: { color: palette.axis } },
    axisLabel: {
      color: palette.text, fontFamily: FONT, fontSize: 12, hideOverlap: true,
      ...(more.type === 'category' ? {} : { formatter: tick }),
    },
    splitLine: { show: direction === 'y', lineStyle: { color: palette.split } },
    ...more,
  };
}

/** A number at an axis, with a true minus sign. @param {number} value */
export function tick(value) {
  return String(Number(value.toPrecision(10))).replace('-', '−');
}

/** An axis of whole numbers from 0. @param {Settings} settings @param {'x'|'y'} direction @param {string} name @param {number} count @param {Option} [more] */
export function countedAxis(settings, direction, name, count, more = {}) {
  return axis(settings, direction, name, {
    type: 'category', data: Array.from({ length: count }, (_, i) => String(i)), splitLine: { show: false }, ...more,
  });
}

/**
 * Tooltips are drawn into the chart, not made of HTML: nothing in them needs escaping, and a content security policy that forbids
 * inline styles allows them.
 * @param {Settings} settings @param {'item'|'axis'} trigger @param {(params: any) => string} formatter
 */
export function tooltip(settings, trigger, formatter) {
  const palette = colours(settings);
  return {
    trigger, formatter, renderMode: 'richText', confine: true, backgroundColor: palette.background, borderColor: palette.axis,
    textStyle: { color: palette.text, fontFamily: FONT, fontSize: 12 },
    axisPointer: { type: 'shadow', shadowStyle: { color: palette.text, opacity: 0.06 } },
  };
}

/** A dashed line at 0. @param {Settings} settings */
export function zeroLine(settings) {
  return {
    silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colours(settings).axis, type: 'solid', width: 1 },
    data: [{ yAxis: 0 }],
  };
}
