// Charts of yingjin. Each figure names the table that holds its numbers: <figure data-chart="waterfall"
// data-table="t-money">. The theme reads the CSS tokens, so light, dark and print need no second list.
// Canvas renderer and richText tooltips only: both keep the strict Content-Security-Policy.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const px = (rem) => rem * parseFloat(getComputedStyle(document.documentElement).fontSize);
const plain = (value, places = 2) => value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: places, maximumFractionDigits: places });

function theme() {
  const text = { color: token("ink-2"), fontFamily: token("hei"), fontSize: px(0.8125) };
  const axis = {
    axisLine: { show: true, lineStyle: { color: token("edge") } }, axisTick: { show: false }, axisLabel: text, nameTextStyle: text,
    splitLine: { show: false, lineStyle: { color: token("rule") } },
  };
  return {
    color: ["net-1", "net-2", "net-3", "net-4", "own"].map(token), backgroundColor: "transparent",
    textStyle: { fontFamily: token("hei"), color: token("ink") }, animation: false,
    categoryAxis: axis, valueAxis: axis,
    tooltip: { renderMode: "richText", confine: true, backgroundColor: token("paper"), borderColor: token("edge"), borderWidth: 1, padding: 8, textStyle: { ...text, color: token("ink") }, shadowBlur: 0 },
    grid: { left: 4, right: 12, top: 8, bottom: 4, containLabel: true },
  };
}

const rowsOf = (figure) => [...document.querySelectorAll(`#${figure.dataset.table} tbody tr`)].map((row) => ({
  name: row.cells[0].textContent.trim(), kind: row.dataset.kind,
  values: [...row.querySelectorAll("data")].map((cell) => Number(cell.value)),
}));
const label = (extra = {}) => ({ show: true, color: token("ink"), fontSize: px(0.8125), fontFamily: token("hei"), ...extra });
const fill = { total: "ink-3", p1: "net-1", p2: "net-2", p3: "net-3", p4: "net-4", own: "own", out: "own-2" };

// From the whole bill down to what the patient pays: each payer takes its piece off the right.
function waterfall(figure) {
  const rows = rowsOf(figure), whole = rows[0].values[0], said = figure.querySelector(".canvas").dataset.tip;
  let left = whole;
  const starts = rows.map((row) => (row.kind === "total" ? 0 : Math.max(0, (left -= row.values[0]))));
  const hatch = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -0.8, color: token("paper") };
  const bars = rows.map((row) => ({ value: row.values[0], itemStyle: { color: token(fill[row.kind]), decal: row.kind === "out" ? hatch : undefined } }));
  return {
    grid: { left: 4, right: px(5), top: 0, bottom: 4, containLabel: true },
    xAxis: { type: "value", max: whole, show: false },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name), axisLine: { show: false }, axisLabel: { color: token("ink"), fontSize: px(0.875) } },
    tooltip: { trigger: "item", formatter: (item) => `${item.name}\n${said.replace("{value}", plain(item.value)).replace("{share}", `${plain((100 * item.value) / whole)} %`)}` },
    series: [
      { type: "bar", stack: "a", data: starts, silent: true, tooltip: { show: false }, itemStyle: { color: "transparent" } },
      { type: "bar", stack: "a", data: bars, barWidth: "62%", label: label({ position: "right", formatter: (item) => plain(item.value) }) },
    ],
  };
}

const kinds = { waterfall };
function draw() {
  for (const figure of document.querySelectorAll("[data-chart]")) {
    const box = figure.querySelector(".canvas");
    window.echarts.getInstanceByDom(box)?.dispose();
    const chart = window.echarts.init(box, theme(), { renderer: "canvas" });
    chart.setOption(kinds[figure.dataset.chart](figure));
  }
}
const resize = () => document.querySelectorAll(".canvas").forEach((box) => window.echarts.getInstanceByDom(box)?.resize());
if (window.echarts) {
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("themechange", draw);
  addEventListener("resize", resize);
  addEventListener("beforeprint", resize);
}
