// Up to four models side by side; the address holds the choice.

import { answer, chip, dash, file, make, offerPath, price, query, recordPath, reduced, remember, root, tokens, unitWords } from "./common.js";
import { exact, less, plus } from "./exact.js";
import { picker } from "./picker.js";

const MOST = 4;
const table = document.getElementById("compare");
const told = document.getElementById("told");
const records = new Map();

const chosen = () => [...new Set((query().models ?? "").split(",").filter(Boolean))].slice(0, MOST);

function choose(ids) {
  remember({ models: ids.join(",") }, true);
  show();
}

async function record(id) {
  if (!records.has(id)) records.set(id, recordPath(id) ? await file(recordPath(id)) : null);
  return records.get(id);
}

async function show() {
  const ids = chosen();
  const all = await Promise.all(ids.map(record));
  if (ids.join() !== chosen().join()) return;
  const missing = ids.filter((_, at) => !all[at]);
  told.textContent = missing.length ? `Not in the catalog: ${missing.join(", ")}` : ids.length ? "" : "Nothing chosen yet.";
  const known = all.filter(Boolean);
  table.dataset.models = known.length;
  document.querySelector(".examples").hidden = known.length > 0;
  table.replaceChildren(...(known.length ? [heads(known, ids.filter((_, at) => all[at])), rows(known)] : []));
}

function heads(all, ids) {
  const cells = all.map((each, at) => {
    const close = make("button", { type: "button", class: "icon", "aria-label": `Remove ${each.data.name}` }, "×");
    close.addEventListener("click", () => choose(chosen().filter((id) => id !== ids[at])));
    return make("th", { scope: "col" }, make("div", { class: "head" }, make("div", {}, make("a", { href: `${root}model.html?id=${encodeURIComponent(ids[at])}` }, make("bdi", {}, each.data.name)), make("bdi", { class: "id" }, each.data.id)), close));
  });
  return make("thead", {}, make("tr", {}, make("td", {}), ...cells));
}

function rows(all) {
  const names = [...new Set(all.flatMap((each) => each.gateways.map((offer) => offer.gateway)))];
  return make("tbody", {},
    group(all, "Input / output, ", make("span", { class: "unit" }, unitWords())),
    ...names.map((name) => row(chip(name), all, (each) => pair(each, name))),
    row("Cheapest", all, cheapest),
    group(all, "Limits"),
    row("Context", all, (each) => tokens(each.data.context_length)),
    row("Longest answer", all, (each) => tokens(each.data.max_output_tokens)),
    group(all, "What it can do"),
    row("Takes", all, (each) => words(each.data.architecture.input_modalities)),
    row("Gives", all, (each) => words(each.data.architecture.output_modalities)),
    ...["tools", "reasoning", "structured_outputs", "vision"].map((name) => row(name.replace("_", " "), all, (each) => answer(each.data.capabilities[name]))),
    group(all, "Origin"),
    row("Listed since", all, (each) => each.data.created ?? dash("the gateway does not say")),
    row("Knowledge until", all, (each) => each.data.knowledge_cutoff ?? dash("the gateway does not say")),
    row("Ends", all, (each) => each.data.expiration_date ?? "no end announced"),
    row("Downloads in 30 days", all, (each) => each.data.huggingface_metrics?.downloads?.toLocaleString("en") ?? dash("not known")));
}

function group(all, ...text) {
  return make("tr", { class: "group" }, make("th", { scope: "colgroup", colspan: all.length + 1 }, ...text));
}

function row(name, all, cell) {
  return make("tr", {}, make("th", { scope: "row" }, name), ...all.map((each) => make("td", {}, cell(each))));
}

const words = (list) => (list ? list.join(", ") : dash("the gateway does not say"));

function pair(each, gateway) {
  const own = each.gateways.filter((one) => one.gateway === gateway);
  const [offer = own[0]] = lowest(own);
  if (!offer) return make("span", { class: "quiet" }, "not there");
  if (offer.price_kind !== "known") return price(null, offer.price_kind);
  return make("a", { class: "pair", href: root + offerPath(offer) }, price(offer.prompt, "known"), " / ", price(offer.completion, "known"));
}

/** The offers with the lowest sum of both prices: several, when they ask the same. */
function lowest(offers) {
  const priced = offers.filter((offer) => offer.price_kind === "known" && offer.prompt !== null && offer.completion !== null && !reduced(offer));
  const total = (offer) => plus(exact(offer.prompt), exact(offer.completion));
  return priced.filter((one) => !priced.some((other) => less(total(other), total(one))));
}

function cheapest(each) {
  const found = lowest(each.gateways);
  if (!found.length) return dash("no gateway publishes a price");
  return make("span", { class: "chips" }, ...[...new Set(found.map((offer) => offer.gateway))].map(chip));
}

picker((id) => choose([...new Set([...chosen(), id])].slice(-MOST)));
addEventListener("popstate", show);
document.addEventListener("unit", show);
show();
