/** ECharts as the page's import map names it. Its own types are not on Maven Central; what we hand it is checked by tests. */
declare module 'echarts';
