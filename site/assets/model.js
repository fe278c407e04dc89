// One model of the long tail, from its record.

import { answer, chip, dash, file, gatewayName, lower, make, offerPath, outside, price, query, recordPath, root, tokens, unitWords } from "./common.js";
import { list, pageOf } from "./list.js";
import { fillAddresses } from "./site.js";

const id = query().id ?? "";
const body = document.getElementById("body");

const fact = (name, ...value) => make("div", {}, make("dt", {}, name), make("dd", {}, ...value));
const words = (name, value) => make("div", {}, make("dt", {}, name), make("dd", { class: "words" }, value));
const section = (title, ...parts) => make("section", {}, make("h2", {}, title), ...parts);

function show(record) {
  const { data } = record;
  document.title = `${data.name} – Gatelog`;
  document.getElementById("name").replaceChildren(make("bdi", {}, data.name));
  document.getElementById("id").textContent = data.id;
  document.getElementById("copy").hidden = false;
  document.getElementById("actions").replaceChildren(...actions(data.id));
  document.getElementById("monogram").textContent = data.name.slice(0, 1).toUpperCase();
  const maker = document.getElementById("organisation");
  maker.textContent = data.provider_slug;
  maker.href = `${root}organisation.html?name=${encodeURIComponent(data.provider_slug)}`;
  body.replaceChildren(...[ending(data), facts(data), offers(record), details(data), snippets(record)].filter(Boolean));
  fillAddresses(body);
}

function actions(id) {
  const ways = [["Compare", "compare.html?models="], ["Calculate", "calculator.html?model="], ["Changes", "changes.html?q="]];
  return ways.map(([word, page]) => make("a", { class: "button", href: root + page + encodeURIComponent(id) }, word));
}

function ending(data) {
  if (data.status === "removed") return make("p", { class: "notice" }, make("strong", {}, "Gone."), ` The gateway no longer lists it; this is how it was until ${data.removed_at.slice(0, 10)}.`);
  if (data.expiration_date) return make("p", { class: "notice" }, make("strong", {}, "Going away."), ` It ends on ${data.expiration_date}.`);
  return null;
}

function facts(data) {
  const shape = data.architecture;
  const unsaid = "the gateway does not say";
  return make("dl", { class: "facts" },
    fact("Input", price(data.pricing.prompt, data.price_kind)),
    fact("Output", price(data.pricing.completion, data.price_kind)),
    fact("Context", tokens(data.context_length)),
    fact("Longest answer", tokens(data.max_output_tokens)),
    words("Takes", shape.input_modalities?.join(", ") ?? dash(unsaid)),
    words("Gives", shape.output_modalities?.join(", ") ?? dash(unsaid)));
}

function offers(record) {
  const lines = record.gateways.map((offer) => make("tr", {},
    make("th", { scope: "row" }, chip(offer.gateway), make("bdi", { class: "id" }, offer.id)),
    make("td", { class: "n" }, price(offer.prompt, offer.price_kind)),
    make("td", { class: "n" }, price(offer.completion, offer.price_kind)),
    make("td", { class: "n" }, tokens(offer.context_length)),
    make("td", {}, make("a", { href: root + offerPath(offer) }, "JSON"))));
  const head = ["Gateway", "Input", "Output", "Context", "Record"].map((word, at) => make("th", { scope: "col", class: at > 0 && at < 4 ? "n" : null }, word));
  return section("Prices", priceUnit(), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Prices" }, make("table", { class: "offers" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...lines))));
}

function details(data) {
  const can = ["tools", "reasoning", "structured_outputs", "vision"].map((name) => fact(name.replace("_", " "), answer(data.capabilities[name])));
  for (const [word, value] of [["Listed since", data.created], ["Knowledge until", data.knowledge_cutoff], ["Tokenizer", data.architecture.tokenizer], ["Weights", data.quantization]]) {
    if (value) can.push(fact(word, make("bdi", {}, value)));
  }
  const parts = [make("div", { class: "columns" }, section("Capabilities", make("dl", { class: "list" }, ...can)), section("Origin", make("dl", { class: "list" }, ...origin(data))))];
  if (data.description) parts.push(section("Description", make("p", { class: "description", dir: "auto" }, data.description)));
  return make("div", {}, ...parts);
}

function origin(data) {
  const unsaid = () => dash("the Hub does not say");
  const maker = `${root}organisation.html?name=${encodeURIComponent(data.provider_slug)}`;
  const rows = [fact("Organisation", make("a", { href: maker }, make("bdi", {}, data.provider_slug)))];
  rows.push(fact("Price from", source(data)));
  if (data.model_key) rows.push(fact("Model key", make("code", {}, data.model_key)));
  if (data.hugging_face_id) rows.push(fact("Hugging Face", outside(`https://huggingface.co/${data.hugging_face_id}`, data.hugging_face_id)));
  const seen = data.huggingface_metrics;
  if (!seen) return rows;
  rows.push(fact("Downloads in 30 days", seen.downloads?.toLocaleString("en") ?? unsaid()), fact("Likes", seen.likes?.toLocaleString("en") ?? unsaid()));
  if (seen.pipeline_tag) rows.push(fact("Task", seen.pipeline_tag));
  if (seen.library_name) rows.push(fact("Library", seen.library_name));
  rows.push(fact("Access", seen.gated ? "must be asked for" : seen.gated == null ? unsaid() : "open"), fact("As of", make("time", { datetime: seen.as_of }, seen.as_of)));
  return rows;
}

const priceUnit = () => make("p", { class: "quiet" }, "US dollars ", make("span", { class: "unit" }, unitWords()));

/** Where the price comes from. */
function source(data) {
  const found = data.price_source;
  if (!found) return data.price_kind === "included" ? "a flat plan" : dash("there is no price");
  return `${gatewayName(found.gateway)}: ${found.match === "own" ? "its own price list" : found.match.replaceAll("_", " ")}`;
}

function snippets(record) {
  const path = root + recordPath(`${record.provider}/${record.model}`);
  const row = (name, key, attributes) => make("div", { class: "field" }, make("span", { class: "label" }, name), make("code", { id: key, ...attributes }), make("button", { type: "button", "data-copy": key }, "Copy"));
  return section("Use the record", make("div", { class: "snippets" },
    row("Record", "url", { "data-absolute": path }),
    ...[["curl", "curl"], ["Python", "python"], ["JavaScript", "javascript"]].map(([word, key]) => row(word, key, { "data-snippet": key, "data-path": path }))));
}

async function start() {
  const path = recordPath(id);
  const record = path ? await file(path) : null;
  const better = record && (await pageOfIts(record));
  if (better) location.replace(better);
  else if (record) show(record);
  else missing();
}

function missing() {
  document.getElementById("name").textContent = id ? "Not in the catalog" : "No model was named";
  document.getElementById("id").textContent = id;
  const search = make("a", { href: `${root}?q=${encodeURIComponent(id)}` }, "search for it");
  body.replaceChildren(make("p", { class: "notice" }, "It may have gone, or its gateway may spell it in another way: ", search, "."));
}

/** A model with a page of its own goes by the id of its first offer, which may be another one than was asked for. */
async function pageOfIts(record) {
  const names = new Set([id, record.data.id, ...record.gateways.map((offer) => offer.id)].map(lower));
  for (const offer of record.gateways) names.add(unwrapped(lower(offer.id)));
  if (record.data.status === "removed" || record.gateways.every((offer) => offer.gateway === "featherless")) return null;
  const row = (await list(record.gateways[0].id)).rows.find((each) => each.shape.page && names.has(lower(each.id)));
  return row ? pageOf(row) : null;
}

const unwrapped = (name) => name.replace(/^@[^/]+\//, "");

start().catch(() => body.replaceChildren(make("p", { class: "notice" }, "The record could not be read.")));
