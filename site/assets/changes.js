// The newest changes, filtered; the address holds the filters.

import { answer, chip, dash, file, make, pairs, query, remember, root, price, TOKEN_METERS, until } from "./common.js";

const place = document.getElementById("changes");
const form = document.getElementById("filters");
const told = document.getElementById("told");
const NAMES = ["q", "kind", "gateway"];
const FIRST = 100;
const METERS = pairs(place.dataset.meters);
const more = document.getElementById("more");
let all = [];
let most = FIRST;

async function load() {
  all = (await file("catalog/changes.json"))?.changes ?? [];
  form.hidden = !all.length;
  if (!all.length) {
    told.textContent = "No changes have been recorded in this catalog yet.";
    return;
  }
  const asked = query();
  for (const name of NAMES) form.elements[name].value = asked[name] ?? "";
  show();
}

function show() {
  const asked = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));
  remember(asked);
  const text = asked.q.toLowerCase();
  const found = all.filter((each) => (!asked.kind || each.kind === asked.kind) && (!asked.gateway || each.gateway === asked.gateway) && (!text || (each.model ?? "").toLowerCase().includes(text)));
  told.textContent = summary(found.length);
  place.replaceChildren(...[...grouped(found.slice(0, most))].map(([day, list]) => make("section", {}, make("h3", {}, make("time", { datetime: day }, day)), make("ul", { class: "changes" }, ...list.map(line)))));
  more.hidden = found.length <= most;
  more.textContent = `Show all ${found.length}`;
}

function summary(fitting) {
  if (fitting === all.length) return `The newest ${fitting.toLocaleString("en")} changes`;
  return fitting ? `${fitting.toLocaleString("en")} of the newest ${all.length.toLocaleString("en")} changes` : `None of the newest ${all.length.toLocaleString("en")} changes fits.`;
}

function grouped(found) {
  const days = new Map();
  for (const each of found) {
    const day = each.at.slice(0, 10);
    if (!days.has(day)) days.set(day, []);
    days.get(day).push(each);
  }
  return days;
}

function line(each) {
  const name = each.model
    ? make("a", { href: `${root}model.html?id=${encodeURIComponent(each.model)}` }, make("bdi", {}, each.model))
    : make("span", {}, "the whole list");
  return make("li", {}, chip(each.gateway), make("span", { class: "tag" }, each.kind.replaceAll("_", " ")), name, ...what(each));
}

const WHOLE = new Set(["added", "removed", "returned", "first_fetch"]);

function what(each) {
  if (WHOLE.has(each.kind)) return [];
  if (each.kind === "tiers") return [make("ul", { class: "what tiers" }, tiers("before", each.from), tiers("now", each.to))];
  const meter = each.meter ? `${METERS[each.meter] ?? each.meter.replaceAll("_", " ")} ` : "";
  const parts = [meter, value(each, each.from), " → ", value(each, each.to)];
  if (each.percent !== null && each.percent !== undefined) parts.push(make("span", { class: each.percent > 0 ? "up" : "down" }, ` ${each.percent > 0 ? "+" : "−"}${Math.abs(each.percent)}\u00a0%`));
  return [make("span", { class: "what" }, ...parts)];
}

const CONDITIONS = new Set(["min_prompt_tokens", "utc_start", "utc_end", "service_tier"]);

/** Each tier in words: when it holds, then its prices. */
function tiers(when, list) {
  const told = list?.length ? list.map(tier) : ["no tier"];
  return make("li", {}, make("span", { class: "quiet" }, when), ...told);
}

function tier(said) {
  const holds = [];
  if (said.min_prompt_tokens != null) holds.push(`over ${said.min_prompt_tokens.toLocaleString("en")} tokens`);
  if (said.utc_start != null) holds.push(`${said.utc_start} to ${said.utc_end} UTC`);
  if (said.service_tier != null) holds.push(said.service_tier);
  const prices = Object.entries(said).filter(([name, each]) => !CONDITIONS.has(name) && each !== null);
  return make("span", {}, `${holds.join(", ")}: `, ...prices.flatMap(([name, each], at) => [at ? ", " : "", `${METERS[name] ?? name} `, amount(name, each)]));
}

function amount(meter, said) {
  return price(String(said), "known", TOKEN_METERS.has(meter) ? meter : "other");
}

function value(each, said) {
  if (said === null || said === undefined) return dash(each.kind === "deprecation" ? "no end announced" : "not known");
  if (["price", "unstable"].includes(each.kind)) return amount(each.meter, said);
  if (typeof said === "boolean") return answer(said);
  if (typeof said === "number") return said.toLocaleString("en");
  return make("bdi", {}, Array.isArray(said) ? said.join(", ") : String(said));
}

function again() {
  most = FIRST;
  show();
}

for (const each of document.querySelectorAll("[data-until]")) each.after(make("small", {}, ` ${until(each.dateTime)}`));
more.addEventListener("click", () => { most = all.length; show(); });
form.addEventListener("input", again);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", load);
document.addEventListener("unit", show);
load().catch(() => { told.textContent = "The changes could not be read."; });
