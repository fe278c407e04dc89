// What every page needs: elements made of text, prices in words, files of the catalog.

import { escape, lower } from "./gatelog.js";

export { escape, lower };

export const root = document.documentElement.dataset.root;

const KINDS = {
  free: ["free", "every unit that this gateway charges is zero"],
  included: ["in plan", "part of a flat plan: no price for each token"],
  dynamic: ["varies", "decided for each request"],
  unknown: ["", "the gateway publishes no price"],
  known: ["", "the gateway publishes no price for this unit"],
};
export const TOKEN_METERS = new Set([
  "prompt", "completion", "input_cache_read", "input_cache_write", "input_cache_write_1h", "internal_reasoning",
  "audio", "audio_output", "image_output", "image_token", "input_audio_cache",
]);

/** Make an element; whatever comes from the catalog becomes text, never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function dash(reason) {
  return make("span", { class: "unknown", title: reason },
    make("span", { "aria-hidden": "true" }, "–"), make("span", { class: "sr" }, `unknown: ${reason}`));
}

/** Move the point of a decimal text to the right, exactly. */
export function shifted(text, places) {
  const [whole, decimals = ""] = text.split(".");
  const padded = decimals.padEnd(places, "0");
  const left = (whole + padded.slice(0, places)).replace(/^0+(?=\d)/, "");
  const right = padded.slice(places).replace(/0+$/, "");
  return right ? `${left}.${right}` : left;
}

/** A decimal text as money: grouped, with two decimals at least. */
export function money(text) {
  const [whole, decimals = ""] = text.split(".");
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${decimals.padEnd(2, "0")}`;
}

export function unit() {
  return document.documentElement.dataset.unit === "token" ? "token" : "million";
}

export const unitWords = () => (unit() === "token" ? "per token" : "per 1M tokens");

export function tokenPrice(value) {
  return unit() === "token" ? `$${value}` : money(shifted(value, 6));
}

function padding(value) {
  return Math.max(0, 4 - ((shifted(value, 6).split(".")[1] ?? "").padEnd(2, "0").length));
}

/** Show a price: a number, a word, or a dash with a reason. */
export function price(value, kind, meter = "prompt") {
  if (value === null || value === undefined || kind !== "known") {
    const [word, reason] = KINDS[kind] ?? ["", "unknown"];
    return word ? make("span", { class: `kind ${kind}`, title: reason }, word) : dash(reason);
  }
  if (Number(value) === 0) return make("span", { class: "kind free", title: "this unit costs nothing" }, "free");
  if (!TOKEN_METERS.has(meter)) return make("data", { value }, money(value));
  return make("data", { class: `price p${padding(value)}`, value }, tokenPrice(value));
}

export function short(value) {
  for (const [name, size] of [["M", 1e6], ["K", 1e3]]) {
    if (value >= size) {
      const number = value / size;
      return (number < 10 ? String(Number(number.toFixed(2))) : number.toFixed(0)) + name;
    }
  }
  return String(value);
}

export function tokens(value) {
  if (value === null || value === undefined) return dash("the gateway does not say");
  return make("span", { class: "num", title: `${value.toLocaleString("en")} tokens` }, short(value));
}

export function answer(value) {
  if (value === null || value === undefined) return dash("the gateway does not say");
  return make("span", { class: value ? "yes" : "no" }, value ? "yes" : "no");
}

/** A link to another site, only if it is one. */
export function outside(address, text) {
  let parsed = null;
  try {
    parsed = new URL(address);
  } catch {
    // no address
  }
  if (!parsed || !["http:", "https:"].includes(parsed.protocol)) return make("bdi", {}, text);
  return make("a", { href: parsed.href, rel: "noopener nofollow" }, text);
}

/** Fetch a file of the catalog; null when it is not there. */
export async function file(path) {
  const answered = await fetch(root + path);
  if (answered.status === 404) return null;
  if (!answered.ok) throw new Error(`${path}: ${answered.status}`);
  return answered.json();
}

let gatewaysAsked = null;

/** The state of every gateway, asked for once. */
export function gateways() {
  gatewaysAsked ??= file("catalog/gateways.json").then((found) => found?.gateways ?? []);
  return gatewaysAsked;
}

const LATE = 72 * 3.6e6;

/** The state of a gateway on this day: what was fresh and has not been tried for three days is overdue. */
export function stateOf(gateway) {
  return gateway.state === "fresh" && Date.now() - Date.parse(gateway.attempted_at) > LATE ? "overdue" : gateway.state;
}

/** How long ago something was, in words. */
export function ago(stamp) {
  const hours = (Date.now() - Date.parse(stamp)) / 3.6e6;
  if (hours < 1.5) return "within the last hour";
  if (hours < 48) return `${Math.round(hours)} hours ago`;
  return `${Math.round(hours / 24)} days ago`;
}

/** How far away a day is, in words. */
export function until(day) {
  const days = Math.ceil((Date.parse(day) - Date.now()) / 8.64e7);
  if (days === 0) return "today";
  const many = `${Math.abs(days).toLocaleString("en")} day${Math.abs(days) === 1 ? "" : "s"}`;
  return days > 0 ? `in ${many}` : `${many} ago`;
}

export function chip(name) {
  return make("span", { class: `chip g-${name}`, title: gatewayName(name) }, gatewayName(name));
}

/** Pairs of a name and a word, as attributes hold them: `name=word;name=word`. */
export function pairs(text) {
  return Object.fromEntries(text.split(";").map((pair) => pair.split("=")));
}

const NAMES = pairs(document.documentElement.dataset.gateways);

export function gatewayName(name) {
  return NAMES[name] ?? name;
}

/** Change the query of this page's address; `push` makes a step for the back button. */
export function remember(entries, push = false) {
  const query = new URLSearchParams(Object.entries(entries).filter(([, value]) => value));
  const text = query.toString().replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%40/g, "@");
  const address = text ? `?${text}` : location.pathname;
  if (address === (location.search || location.pathname)) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
}

export function query() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

/** Where the record of an id is: its first gateway's, or null when it cannot be an id. */
export function recordPath(id, gateway = "") {
  try {
    return `catalog/${gateway ? `gateway/${gateway}/` : ""}model/${escape(id)}`;
  } catch {
    return null;
  }
}

/** The path in the tree of an offer's link, whatever address the tree is published at. */
export function offerPath(offer) {
  const folder = `catalog/gateway/${offer.gateway}/model/`;
  return folder + offer.href.slice(offer.href.indexOf(`/${folder}`) + folder.length + 1);
}

/** Whether an offer has a price for other work than usual: it is shown, and never called the cheapest. */
export function reduced(offer) {
  return /(^|\+)(free|batch)($|\+)/.test(offer.variant ?? "");
}

export function absolute(path) {
  return new URL(path, location.href).href;
}
