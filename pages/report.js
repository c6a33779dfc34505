// Draws the charts of a report: each stands in a figure, its data as JSON beside it. Drawn once, as SVG and without
// animation, so that it prints as it shows; drawn anew where the width changes, as paper's does.
'use strict';
(() => {
  const colours = ['#07864b', '#2f6fde', '#e59a1c', '#c94f4f', '#7a5bc4', '#4aa3a2', '#8a94a3'];
  const font = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

  const options = data => ({
    animation: false,
    color: colours,
    textStyle: { fontFamily: font },
    legend: data.series.length > 1 ? { bottom: 0, itemWidth: 12, itemHeight: 8, textStyle: { fontSize: 11 } } : undefined,
    grid: { left: 8, right: 16, top: 16, bottom: data.series.length > 1 ? 44 : 8, containLabel: true },
    xAxis: { type: 'category', data: data.labels, axisTick: { show: false }, axisLabel: { fontSize: 11, hideOverlap: true } },
    yAxis: { type: 'value', min: 0, max: data.most ?? null, splitLine: { lineStyle: { color: '#e8ebef' } }, axisLabel: { fontSize: 11 } },
    series: data.series.map(series => ({
      name: series.name,
      type: data.kind === 'lines' ? 'line' : 'bar',
      stack: data.kind === 'stacked' ? 'all' : undefined,
      barMaxWidth: 36,
      symbolSize: 6,
      connectNulls: true,
      data: series.values,
      label: data.kind !== 'stacked' && series.values.length <= 12 && data.series.length === 1 ? { show: true, position: 'top', fontSize: 11 } : undefined,
    })),
  });

  const charts = [...document.querySelectorAll('figure')].map(figure => {
    const chart = echarts.init(figure.querySelector('.chart'), null, { renderer: 'svg' });
    chart.setOption(options(JSON.parse(figure.querySelector('script').textContent)));
    return chart;
  });
  const fit = () => charts.forEach(chart => chart.resize());
  window.addEventListener('resize', fit);
  window.matchMedia('print').addEventListener('change', fit);
  window.addEventListener('beforeprint', fit);
  document.documentElement.dataset.drawn = String(charts.length);
})();
