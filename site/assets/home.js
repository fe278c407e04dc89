// The home page: search as you type, filters, sorting, and a table that draws only the rows in sight.

import { lower, make, price, query, remember, chip, tokens, unit } from "./common.js";
import { byOffers, found, holding, list, pageOf } from "./list.js";
import { showUnit } from "./site.js";

const box = document.getElementById("q");
const scroller = document.getElementById("scroller");
const table = document.getElementById("models");
const body = document.getElementById("rows");
const count = document.getElementById("count");
const filters = document.querySelector(".filters");
const active = document.getElementById("active");
const reset = document.getElementById("reset");
const MARGIN = 6;
const PAUSE = 250;
const CHECKS = ["free", "tools", "reasoning", "several"];
const WORDS = ["gateway", "organisation", "min", "max", "context", "input", "output"];

let rows = null;
let known = { total: 0, more: false, whole: false };
let shown = [];
let order = { by: "", down: false };
let drawn = "";
let wanted = -1;
let top = 0;
let tall = 0;
let view = 0;

const field = (name) => filters.querySelector(`[name="${name}"]`);
const amount = (text) => (/^\d*\.?\d+$/.test(text.trim()) ? Number(text) : null);

function state() {
  const told = { q: box.value.trim() };
  for (const name of WORDS) told[name] = field(name).value.trim();
  for (const name of CHECKS) told[name] = field(name).checked ? "1" : "";
  told.unit = unit() === "token" ? "token" : "";
  told.sort = order.by && `${order.down ? "-" : ""}${order.by}`;
  return told;
}

function restore() {
  const told = query();
  box.value = told.q ?? "";
  for (const name of WORDS) field(name).value = told[name] ?? "";
  for (const name of CHECKS) field(name).checked = told[name] === "1";
  const by = (told.sort ?? "").replace(/^-/, "");
  order = KEYS[by] ? { by, down: told.sort.startsWith("-") } : { by: "", down: false };
  if (told.unit === "token" && unit() !== "token") {
    document.documentElement.dataset.unit = "token";
    showUnit();
  }
  const set = [...WORDS, ...CHECKS].some((name) => told[name]);
  if (set) filters.open = true;
  return set || Boolean(told.q) || Boolean(told.sort);
}

function test(told) {
  const tests = [];
  const [low, high] = [amount(told.min), amount(told.max)];
  const context = Number(told.context);
  const maker = lower(told.organisation);
  if (told.gateway) tests.push((row) => row.shape.gateways.includes(told.gateway));
  if (maker) tests.push((row) => lower(row.head).replace(/^[~@]+/, "").startsWith(maker));
  if (high !== null) tests.push((row) => cost(row) !== null && cost(row) <= high);
  if (low !== null) tests.push((row) => cost(row) !== null && cost(row) >= low);
  if (context) tests.push((row) => row.shape.context >= context);
  if (told.input) tests.push((row) => row.shape.inputs.includes(told.input));
  if (told.output) tests.push((row) => row.shape.outputs.includes(told.output));
  for (const name of ["free", "tools", "reasoning"]) if (told[name]) tests.push((row) => row.shape[name]);
  if (told.several) tests.push((row) => row.shape.gateways.length > 1);
  return tests.length ? (row) => tests.every((each) => each(row)) : null;
}

/** US dollars for a million input tokens; a free model costs nothing. */
function cost(row) {
  if (row.shape.kind === "free") return 0;
  return row.shape.promptNumber === null ? null : row.shape.promptNumber * 1e6;
}

const KEYS = {
  name: (row) => lower(row.name),
  gateways: (row) => row.shape.gateways.length,
  context: (row) => row.shape.context,
  prompt: (row) => (row.shape.kind === "free" ? 0 : row.shape.promptNumber),
  completion: (row) => (row.shape.kind === "free" ? 0 : row.shape.completionNumber),
};

const sorted = new Map();

/** Every row in one order, remembered; what is unknown stands at the end either way. */
function inOrder() {
  const name = order.by ? `${order.down}${order.by}` : "";
  if (!sorted.has(name)) {
    const key = KEYS[order.by];
    const sign = order.down ? -1 : 1;
    sorted.set(name, key ? [...rows].sort((one, other) => compared(key(one), key(other), sign) || byOffers(one, other)) : rows);
  }
  return sorted.get(name);
}

function compared(one, other, sign) {
  if (one === null || other === null) return (one === null) - (other === null);
  return one < other ? -sign : one > other ? sign : 0;
}

let later = 0;

/** Show what fits; the address follows at once (a step for the back button), soon, or not yet. */
function update(address = "soon") {
  const told = state();
  clearTimeout(later);
  if (address === "step") remember(told, true);
  if (address === "soon") later = setTimeout(() => remember(state()), PAUSE);
  showActive(told);
  if (!rows) return;
  const fits = test(told);
  let chosen = inOrder();
  if (fits) chosen = chosen.filter(fits);
  if (told.q) {
    chosen = order.by ? holding(chosen, told.q) : found(chosen, told.q);
  }
  shown = chosen;
  count.textContent = counted(Boolean(told.q || fits));
  table.setAttribute("aria-rowcount", shown.length + 1);
  if (top) scroller.scrollTop = 0;
  top = 0;
  draw(true);
}

function counted(narrowed) {
  const [some, all] = [shown.length, known.total].map((number) => number.toLocaleString("en"));
  if (known.more) return `The first ${some} of ${all} models; type more of a name to find the others`;
  return narrowed || !known.whole ? `${some} of ${all} models` : `${all} models`;
}

function showActive(told) {
  const number = [...WORDS, ...CHECKS].filter((name) => told[name]).length;
  active.hidden = !number;
  active.textContent = ` ${number}`;
  reset.hidden = !number && !told.q && !told.sort;
  for (const head of table.querySelectorAll("th[aria-sort]")) {
    const by = head.querySelector("button").dataset.sort;
    head.setAttribute("aria-sort", by !== order.by ? "none" : order.down ? "descending" : "ascending");
  }
}

/** Measured once and when the window changes: asking while typing would make the browser lay out the page. */
function measure() {
  tall = parseFloat(getComputedStyle(table).getPropertyValue("--row"));
  view = scroller.clientHeight;
}

function draw(anew = false) {
  if (!rows) return;
  const from = Math.max(0, Math.floor(top / tall) - MARGIN);
  const to = Math.min(shown.length, Math.ceil((top + view) / tall) + MARGIN);
  const name = `${from} ${to} ${unit()}`;
  if (!anew && name === drawn) return;
  drawn = name;
  const parts = [space(from * tall), ...shown.slice(from, to).map((row, at) => line(row, from + at)), space((shown.length - to) * tall)];
  if (!shown.length) parts.push(nothing());
  body.replaceChildren(...parts.filter(Boolean));
}

function space(pixels) {
  if (!pixels) return null;
  const cell = make("td");
  cell.style.height = `${pixels}px`;
  return make("tr", { class: "space", "aria-hidden": "true" }, cell);
}

const narrow = () => Number(getComputedStyle(table.tHead.querySelector(".wide")).display === "none");

function nothing() {
  return make("tr", {}, make("td", { colspan: table.tHead.querySelectorAll("th").length - table.tHead.querySelectorAll(".wide").length * narrow(), class: "nothing" }, "No model fits. Loosen a filter or clear them all."));
}

/** A name; the maker before the colon is left out where there is little room. */
function named(name) {
  const cut = name.indexOf(": ") + 2;
  return cut > 1 ? make("bdi", {}, make("span", { class: "maker" }, name.slice(0, cut)), name.slice(cut)) : make("bdi", {}, name);
}

function line(row, at) {
  const { shape } = row;
  const link = make("a", { href: pageOf(row), "data-at": at }, named(row.name));
  return make("tr", { "aria-rowindex": at + 2 },
    make("th", { scope: "row" }, link, make("bdi", { class: "id" }, row.id)),
    make("td", { class: "wide" }, ...shape.gateways.map(chip)),
    make("td", { class: "n wide" }, tokens(shape.context)),
    make("td", { class: "n" }, price(shape.prompt, shape.kind)),
    make("td", { class: "n" }, price(shape.completion, shape.kind)));
}

/** Bring a row into sight and give it the keyboard. */
function go(at) {
  if (at < 0) {
    box.focus();
    return;
  }
  if (at >= shown.length) return;
  wanted = at;
  const place = at * tall;
  const room = view - table.tHead.offsetHeight;
  if (place < top) scroller.scrollTop = place;
  else if (place + tall > top + room) scroller.scrollTop = place + tall - room;
  top = scroller.scrollTop;
  draw();
  const link = body.querySelector(`[data-at="${at}"]`);
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: "nearest" });
}

document.querySelector(".explorer").addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const at = event.target.dataset?.at;
  if (event.target === box) {
    if (event.key === "ArrowDown") wanted = 0;
    else if (event.key === "Enter" && shown.length && rows) {
      event.preventDefault();
      remember(state());
      location.href = pageOf(shown[0]);
      return;
    } else if (event.key === "Escape" && box.value) {
      box.value = "";
      load();
      update();
      return;
    } else return;
  } else if (at === undefined) return;
  else if (event.key === "ArrowDown") wanted = Number(at) + 1;
  else if (event.key === "ArrowUp") wanted = Number(at) - 1;
  else return;
  event.preventDefault();
  go(Math.min(wanted, shown.length - 1));
});

document.querySelector(".search").addEventListener("submit", (event) => event.preventDefault());
body.addEventListener("click", () => remember(state()));
box.addEventListener("input", () => { load(); update(); });
box.addEventListener("focus", load);
filters.addEventListener("input", () => { load(); update("not yet"); });
filters.addEventListener("change", () => { load(); update("step"); });
scroller.addEventListener("scroll", () => { top = scroller.scrollTop; load(); draw(); }, { passive: true });
addEventListener("resize", () => { measure(); draw(true); });
addEventListener("popstate", () => { restore(); load(); update("not yet"); });
document.addEventListener("unit", () => { remember(state()); draw(true); });
reset.addEventListener("click", () => {
  box.value = "";
  order = { by: "", down: false };
  for (const name of WORDS) field(name).value = "";
  for (const name of CHECKS) field(name).checked = false;
  load();
  update("step");
  box.focus();
});
table.tHead.addEventListener("click", (event) => {
  const by = event.target.closest("button")?.dataset.sort;
  if (!by) return;
  const falls = by === "gateways" || by === "context";
  const again = order.by === by;
  order = again && order.down !== falls ? { by: "", down: false } : { by, down: again ? !order.down : falls };
  load();
  update("step");
});

let asked = null;

/** Ask for the rows that a search needs: once, or of a long list whenever the text is another one. */
function load() {
  const text = box.value.trim();
  if (known.whole || asked === text) return;
  asked = text;
  list(text).then((found) => {
    if (asked !== text) return;
    known = found;
    rows = found.rows;
    sorted.clear();
    document.documentElement.dataset.list = "ready";
    update("not yet");
  }).catch(() => {
    asked = null;
    count.textContent = "The list of models could not be loaded; every model is linked below.";
  });
}

measure();
const busy = restore();
showActive(state());
if (location.hash === "#q") box.focus();
if (busy) load();
else if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: 4000 });
else setTimeout(load, 1500);
