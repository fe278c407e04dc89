// The newest changes, filtered; the address holds the filters.

import { chip, dash, file, make, query, remember, root, price, tokens, TOKEN_METERS } from "./common.js";

const place = document.getElementById("changes");
const form = document.getElementById("filters");
const told = document.getElementById("told");
const FILE = "catalog/changes.json";
const NAMES = ["q", "kind", "gateway"];
let all = [];

/** Ask the manifest first: a file that is not published is no error. */
async function load() {
  const shard = await file(place.dataset.shard);
  if (!shard?.[FILE]) {
    told.textContent = "No changes have been recorded in this catalog yet.";
    form.hidden = true;
    return;
  }
  all = (await file(FILE)).changes;
  const asked = query();
  for (const name of NAMES) form.elements[name].value = asked[name] ?? "";
  show();
}

function show() {
  const asked = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]));
  remember(asked);
  const text = asked.q.toLowerCase();
  const found = all.filter((each) => (!asked.kind || each.kind === asked.kind) && (!asked.gateway || each.gateway === asked.gateway) && (!text || (each.model ?? "").toLowerCase().includes(text)));
  told.textContent = `${found.length} of the newest ${all.length} changes`;
  const days = Map.groupBy ? Map.groupBy(found, (each) => each.at.slice(0, 10)) : grouped(found);
  place.replaceChildren(...[...days].map(([day, list]) => make("section", {}, make("h2", {}, make("time", { datetime: day }, day)), make("ul", { class: "changes" }, ...list.map(line)))));
}

function grouped(found) {
  const days = new Map();
  for (const each of found) days.set(each.at.slice(0, 10), [...(days.get(each.at.slice(0, 10)) ?? []), each]);
  return days;
}

function line(each) {
  const name = each.model
    ? make("a", { href: `${root}model.html?id=${encodeURIComponent(each.model)}` }, make("bdi", {}, each.model))
    : make("span", {}, "the whole list");
  return make("li", {}, chip(each.gateway), make("span", { class: "tag" }, each.kind.replace("_", " ")), name, make("span", { class: "what" }, ...what(each)));
}

function what(each) {
  if (["added", "removed", "returned"].includes(each.kind)) return [];
  const parts = [each.meter ? `${each.meter.replaceAll("_", " ")} ` : "", value(each, each.from), " → ", value(each, each.to)];
  if (each.percent !== null && each.percent !== undefined) parts.push(make("span", { class: each.percent > 0 ? "up" : "down" }, ` ${each.percent > 0 ? "+" : "−"}${Math.abs(each.percent)} %`));
  return parts;
}

function value(each, said) {
  if (said === null || said === undefined) return dash("not known");
  if (["price", "unstable"].includes(each.kind)) return price(String(said), "known", TOKEN_METERS.has(each.meter) ? each.meter : "other");
  if (typeof said === "number") return tokens(said);
  return make("bdi", {}, typeof said === "object" ? JSON.stringify(said) : String(said));
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", load);
document.addEventListener("unit", show);
load().catch(() => { told.textContent = "The changes could not be read."; });
