import './globals.js';
import { init, setPlatformAPI } from '/vendor/echarts.esm.min.mjs';

/** Takes over measuring: ECharts's own table of widths is wrong for DejaVu Sans. */
export function measureWith(measure) {
  setPlatformAPI({ measureText: (text, font) => ({ width: measure(text ?? '', font ?? '12px sans-serif') }) });
}

/** Draws a chart module's option. Data and settings are JSON. */
export function draw(chart, dataText, settingsText) {
  const data = JSON.parse(dataText);
  const settings = JSON.parse(settingsText);
  const { width, height } = chart.size(data, settings);
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption({ ...chart.option(data, { ...settings, width }), animation: false });
    const svg = instance.getZr().painter.renderToString({ useViewBox: true, cssEmphasis: false, cssAnimation: false });
    return { svg, width, height };
  } finally {
    instance.dispose();
  }
}
