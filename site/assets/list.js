// The list of all models, catalog/search.json: fetched once, unfolded, searched. Of a long list only parts are fetched:
// catalog/search/<beginning>.json for the first letters of the words that are typed.

import { escape, file, lower, root } from "./common.js";

const TOOLS = 1;
const REASONING = 2;
const FREE = 4;
const PAGE = 8;
const WORD = /[a-z0-9\u0080-\u{10ffff}]+/gu;

const asked = new Map();

/** A list or a part of one, null where there is none; the promise is shared. */
function part(path) {
  if (!asked.has(path)) {
    const answer = file(path).then((said) => said && unfolded(said));
    answer.catch(() => asked.delete(path));
    asked.set(path, answer);
  }
  return asked.get(path);
}

/**
 * What is at hand for a text: `rows`, the most offered first, those with a page before the others; of how many models
 * in all (`total`); whether there are more that fit (`more`), and whether these are the rows for every text (`whole`).
 */
export async function list(text = "") {
  const head = await part("catalog/search.json");
  const total = head.rows.length + head.more;
  if (!head.more) return { rows: head.rows, total, more: false, whole: true };
  const words = lower(text).match(WORD) ?? [];
  const found = words.length ? await Promise.all(words.map(beginning)) : [head];
  return { ...narrowest(found), total, whole: false };
}

/** The part for as much of a word as it takes until nothing is left out. */
async function beginning(word) {
  let known = null;
  let begun = "";
  for (const letter of word) {
    begun += letter;
    known = await part(`catalog/search/${escape(begun)}`);
    if (!known?.more) break;
  }
  return known;
}

/** The rows among which all that fit every word are; where every word has too many, the first rows of each. */
function narrowest(found) {
  if (found.includes(null)) return { rows: [], more: false };
  const [least] = found.filter((each) => !each.more).sort((one, other) => one.rows.length - other.rows.length);
  if (least) return { rows: least.rows, more: false };
  if (found.length === 1) return { rows: found[0].rows, more: true };
  return { rows: [...new Map(found.flatMap((each) => each.rows).map((row) => [row.id, row])).values()], more: true };
}

/** Milliseconds of work after which keys and pointer get a turn. */
const SLICE = 8;

const turn = () => globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));

async function unfolded(said) {
  const shaped = shapesOf(said);
  const ranks = [];
  let at = 0;
  let since = performance.now();
  for (const some of said.ids) {
    const [head, ...rests] = some.split("//");
    for (const rest of rests) {
      const id = `${head}/${rest}`;
      const name = said.names[at] ?? rest.slice(rest.lastIndexOf("/") + 1);
      const shape = shaped(said.shape[at], said.price[at]);
      const low = lower(id);
      const row = { at, id, name, head, path: said.paths[at], low, text: said.names[at] ? `${low}\n${lower(name)}` : low, shape };
      (ranks[2 * shape.gateways.length + Number(shape.page)] ??= []).push(row);
      at += 1;
    }
    if (performance.now() - since > SLICE) {
      await turn();
      since = performance.now();
    }
  }
  return { rows: ranks.reverse().flat(), more: said.more ?? 0 };
}

/** Makes what a model is like from the numbers of its shape and of its prices; models that are alike share it. */
function shapesOf(said) {
  const made = said.shapes.map(() => new Map());
  return (shape, price) => {
    if (!made[shape].has(price)) made[shape].set(price, shapeOf(said.shapes[shape], said.prices[price], said.gateways));
    return made[shape].get(price);
  };
}

function shapeOf([mask, context, kind, modality, flags, cheapest], [prompt, completion], order) {
  const gateways = order.filter((_, at) => mask & (1 << at));
  const [inputs, outputs] = (modality ?? "->").split("->").map((part) => part.split("+").filter(Boolean));
  return {
    gateways, context, prompt, completion, kind, inputs, outputs, cheapest,
    tools: Boolean(flags & TOOLS), reasoning: Boolean(flags & REASONING), free: Boolean(flags & FREE),
    page: Boolean(flags & PAGE),
    promptNumber: prompt === null ? null : Number(prompt),
    completionNumber: completion === null ? null : Number(completion),
  };
}

/** Where the page of a model is. */
export function pageOf(row) {
  if (row.shape.page) return `${root}model/${row.path ?? escape(row.id).slice(0, -5)}.html`;
  return `${root}model.html?id=${encodeURIComponent(row.id).replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%40/g, "@")}`;
}

let last = { rows: null, text: "", found: [] };

/** The rows that hold every word, in the order in which they came; typing on narrows what was found before. */
export function holding(rows, text) {
  const low = lower(text);
  const words = low.split(/\s+/).filter(Boolean);
  const begin = last.rows === rows && last.text && low.startsWith(last.text) ? last.found : rows;
  const found = words.reduce((left, word) => left.filter((row) => row.text.includes(word)), begin);
  last = { rows, text: low, found };
  return found;
}

/** The rows that hold every word, the best first; rows of one rank stay in the order in which they came. */
export function found(rows, text) {
  const [first] = lower(text).split(/\s+/).filter(Boolean);
  if (!first) return rows;
  const ranked = [[], [], [], []];
  const slashed = `/${first}`;
  for (const row of holding(rows, text)) ranked[rank(row, first, slashed)].push(row);
  return ranked.flat();
}

function rank({ low, shape }, word, slashed) {
  if (low === word) return 0;
  if (!shape.page) return 3;
  if (low.endsWith(slashed)) return 0;
  return low.startsWith(word) || low.includes(slashed) ? 1 : 2;
}

/** The order of the list. */
export function byOffers(one, other) {
  return other.shape.gateways.length - one.shape.gateways.length || other.shape.page - one.shape.page || one.at - other.at;
}
