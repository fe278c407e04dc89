// The dated price chart of a model: stairs, because a price holds until the next one.

import { file, gatewayName, money, shifted, unit } from "./common.js";

const place = document.querySelector("[data-history]");
const EDGE = 32;

function library() {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("uplot.js", import.meta.url).href;
    script.onload = () => done(window.uPlot);
    script.onerror = failed;
    document.head.append(script);
  });
}

/** One line for each gateway, id and meter; a point where a price begins, another at the end of time. */
function series(points) {
  const now = Date.now() / 1000;
  const times = [...new Set([...points.map((point) => Date.parse(point.at) / 1000), now])].sort((one, other) => one - other);
  const names = [...new Set(points.map((point) => `${point.gateway} ${point.id}`))];
  const several = new Set(names.map((name) => name.split(" ")[0])).size < names.length;
  const lines = names.flatMap((name) => ["prompt", "completion"].map((meter) => {
    const own = points.filter((point) => `${point.gateway} ${point.id}` === name);
    const who = several ? `${gatewayName(own[0].gateway)} ${own[0].id}` : gatewayName(own[0].gateway);
    const first = names.findIndex((other) => other.startsWith(`${own[0].gateway} `)) === names.indexOf(name);
    return { gateway: own[0].gateway, first, label: `${who} ${meter === "prompt" ? "input" : "output"}`, meter, values: times.map((at) => held(own, at, meter)) };
  }));
  return { times, lines: lines.filter((line) => line.values.some((value) => value !== null)) };
}

/** The colour that a gateway has all over the site. */
function colour(gateway) {
  const chip = document.createElement("span");
  chip.className = `g-${gateway}`;
  chip.hidden = true;
  document.body.append(chip);
  const found = getComputedStyle(chip).getPropertyValue("--g");
  chip.remove();
  return found || "currentColor";
}

function held(points, at, meter) {
  const past = points.filter((point) => Date.parse(point.at) / 1000 <= at);
  const value = past.at(-1)?.[meter];
  return value == null ? null : Number(shifted(value, 6));
}

/** A price of a million tokens in the unit that the reader chose, never in scientific notation. */
function words(each) {
  if (each == null) return "–";
  return unit() === "token" ? `$${trimmed((each / 1e6).toFixed(12))}` : money(trimmed(each.toFixed(6)));
}

const trimmed = (text) => text.replace(/\.?0+$/, "");

const day = (stamp) => (stamp == null ? "now" : new Date(stamp * 1000).toISOString().slice(0, 10));

function axes() {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--muted");
  const grid = { stroke: style.getPropertyValue("--line"), width: 1 };
  const usual = { stroke: ink, grid, ticks: grid };
  return [{ ...usual, space: 90, values: (_, all) => all.map(day) }, { ...usual, size: unit() === "token" ? 100 : 70, values: (_, all) => all.map(words) }];
}

/** Without a cursor the legend shows the price that holds now. */
function drawn(line, paths) {
  const value = (plot, each, at, index) => words(index == null ? plot.data[at].at(-1) : each);
  return { label: line.label, stroke: colour(line.gateway), dash: line.meter === "completion" ? [6, 4] : undefined, width: line.first ? 2 : 1, paths, points: { show: false }, value };
}

function plotted(Plot, { times, lines }) {
  const stairs = Plot.paths.stepped({ align: 1 });
  const options = {
    ...size(), axes: axes(), tzDate: (stamp) => Plot.tzDate(new Date(stamp * 1000), "UTC"),
    scales: { y: { range: (_, low, high) => [0, high ? high * 1.1 : 1] } },
    series: [{ label: "Price", value: (_, stamp) => day(stamp) }, ...lines.map((line) => drawn(line, stairs))],
  };
  const plot = new Plot(options, [times, ...lines.map((line) => line.values)], place);
  plot.root.querySelectorAll(".u-series").forEach((row, at) => row.classList.toggle("dashed", lines[at - 1]?.meter === "completion"));
  return plot;
}

const size = () => ({ width: place.clientWidth - EDGE, height: 260 });

async function draw() {
  const found = await file(place.dataset.history.slice(place.dataset.history.indexOf("catalog/")));
  const Plot = await library();
  const all = series(found.points);
  let plot = plotted(Plot, all);
  const again = () => { plot.destroy(); plot = plotted(Plot, all); };
  new ResizeObserver(() => plot.setSize(size())).observe(place);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  for (const media of ["(prefers-color-scheme: dark)", "print"]) matchMedia(media).addEventListener("change", again);
  document.addEventListener("unit", again);
}

/** Once, when the reader comes near it or prints the page: it needs a library that other readers need not load. */
function begin() {
  seen.disconnect();
  removeEventListener("beforeprint", begin);
  draw().catch(() => { place.append("The history could not be read."); });
}

const seen = new IntersectionObserver(([entry]) => { if (entry.isIntersecting) begin(); }, { rootMargin: "200px" });
seen.observe(place);
addEventListener("beforeprint", begin);
