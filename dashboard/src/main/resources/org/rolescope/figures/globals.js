/* What ECharts expects of a browser and does not need here. It comes before ECharts. */
globalThis.setTimeout = () => 0;
globalThis.clearTimeout = () => {};
