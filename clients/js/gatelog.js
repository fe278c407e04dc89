// A client of a Gatelog catalog: one ES module without dependencies, for browsers and Node 18 and newer.
// Its first part is that of site/hosts/resolve.js, word for word, which a test checks.

// ---- Ids and paths; the same as catalog/paths.py ----------------------------------------------------------------

const LONGEST_ID = 512;
const LONGEST_SEGMENT = 180;
const KEPT_OF_LONG = 140;
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;

/**
 * Lower-case the ASCII letters only; other scripts have no stable case.
 * @param {string} text
 * @returns {string}
 */
export function lower(text) {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * The path of an id, `openai/gpt-4o:free` → `openai/gpt-4o~3afree.json`; throws for what cannot be an id.
 * @param {string} id
 * @returns {string}
 */
export function escape(id) {
  if (utf8(id).replace(/[\x80-\xbf]/g, "").length > LONGEST_ID) {
    throw new Error(`id longer than ${LONGEST_ID} characters`);
  }
  if (id.indexOf("\0") >= 0) throw new Error("id holds a NUL character");
  const names = lower(id).split("/");
  return names.map((name, at) => segment(name, at < names.length - 1)).join("/") + ".json";
}

/**
 * The path of an id whose lower-case path belongs to another id of the same gateway.
 * @param {string} id as its gateway spells it
 * @returns {string}
 */
export function twin(id) {
  const stem = escape(id).slice(0, -5);
  const cut = stem.lastIndexOf("/") + 1;
  return `${stem.slice(0, cut)}${shortened(stem.slice(cut))}~~${digest(id)}.json`;
}

function segment(name, isFolder) {
  if (!name) throw new Error("id holds an empty segment");
  let escaped = encodeURIComponent(name)
    .replace(/[!~*'()]/g, hex)
    .replace(/%/g, "~")
    .toLowerCase();
  escaped = escaped.replace(/^\./, "~2e").replace(/\.$/, "~2e");
  if (isFolder) escaped = escaped.replace(/\.json$/, "~2ejson");
  if (RESERVED.test(escaped)) escaped = hex(escaped[0]).replace("%", "~") + escaped.slice(1);
  return escaped.length > LONGEST_SEGMENT ? `${shortened(escaped)}~~${digest(name)}` : escaped;
}

function shortened(escaped) {
  return escaped.length <= KEPT_OF_LONG ? escaped : escaped.slice(0, KEPT_OF_LONG).replace(/[~.]+$/, "");
}

function hex(char) {
  return `%${char.charCodeAt(0).toString(16)}`;
}

/** The UTF-8 bytes of a text, one character each; throws for lone surrogates. */
function utf8(text) {
  return encodeURIComponent(text).replace(/%(..)/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

function digest(text) {
  return sha256(utf8(text)).slice(0, 24);
}

/** Own code because the engines share no synchronous digest; FIPS 180-4, its constants from the primes. */
function sha256(bytes) {
  const size = ((bytes.length + 72) >> 6) << 4;
  const words = new Array(size).fill(0);
  for (let at = 0; at <= bytes.length; at++) {
    const byte = at < bytes.length ? bytes.charCodeAt(at) : 0x80;
    words[at >> 2] |= byte << (24 - 8 * (at & 3));
  }
  words[size - 1] = bytes.length * 8;
  const primes = firstPrimes(64);
  const keys = primes.map((prime) => fraction(Math.cbrt(prime)));
  let state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  for (let at = 0; at < size; at += 16) state = compressed(state, words.slice(at, at + 16), keys);
  return state.map((word) => `0000000${(word >>> 0).toString(16)}`.slice(-8)).join("");
}

function compressed(state, words, keys) {
  let s = state;
  for (let at = 0; at < 64; at++) {
    if (at >= 16) {
      const early = words[at - 15];
      const late = words[at - 2];
      const low = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const high = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words.push((words[at - 16] + low + words[at - 7] + high) | 0);
    }
    const choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    const first = s[7] + (turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)) + choice + keys[at] + words[at];
    const second = (turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)) + majority;
    s = [(first + second) | 0, s[0], s[1], s[2], (s[3] + first) | 0, s[4], s[5], s[6]];
  }
  return s.map((word, at) => (word + state[at]) | 0);
}

function turned(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function fraction(root) {
  return ((root % 1) * 4294967296) | 0;
}

function firstPrimes(count) {
  const primes = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  return primes;
}

function shard(id, digits = 2) {
  return `catalog/index/${digest(lower(id)).slice(0, digits)}.json`;
}

// ---- The catalog ------------------------------------------------------------------------------------------------

const FALLBACK = "openrouter";
const GATEWAY = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const MAJOR = 1;
const STATES = "catalog/gateways.json";
const MANIFEST = "catalog/manifest.json";
const AT_ONCE = 16;

/** A question that was not answered. */
export class CatalogError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** No gateway that was asked has the model: the endpoint's 404. */
export class ModelNotFound extends CatalogError {}

/** The catalog has no list of the gateway now: the endpoint's 503. */
export class GatewayUnavailable extends CatalogError {}

/** Whoever builds the catalog has to set one of `variables` first: the endpoint's other 503. */
export class GatewayNotConfigured extends GatewayUnavailable {
  constructor(message, variables) {
    super(message);
    this.variables = variables;
  }
}

/** No catalog answers at the address. */
export class CatalogUnreachable extends CatalogError {}

/** What is served is not what the manifest names, or the manifest is older than one seen, or expired. */
export class CatalogUntrusted extends CatalogError {}

/** The catalog follows a newer contract: a newer client is needed. */
export class UnsupportedSchema extends CatalogError {}

/** A published catalog, asked in the path form, which every static host has. */
export class Catalog {
  #base;
  #fetch;
  #cache;
  #verify;
  #manifest = null;
  #parts = new Map();

  /**
   * @param {string | URL} baseUrl the address above `catalog/`
   * @param {import("./gatelog.js").CatalogOptions} [options]
   */
  constructor(baseUrl, { fetch = globalThis.fetch, cache = null, verify = false } = {}) {
    this.#verify = verify;
    this.#base = `${baseUrl}`.replace(/\/*$/, "/");
    this.#fetch = (...given) => fetch(...given); // a browser's fetch must not be called as a method
    this.#cache = cache;
  }

  /**
   * A model: on one gateway, on the first of a chain that has it, or where it is detected.
   * @param {string} id
   * @param {{ gateway?: string | string[] | null, includeHuggingface?: boolean }} [options]
   */
  async model(id, { gateway = null, includeHuggingface = true } = {}) {
    const names = [gateway ?? []].flat().map((name) => lower(name.trim()));
    const chain = names.filter(Boolean);
    const record = await this.#first(id, chain.length ? chain : [null]);
    if (includeHuggingface) return record;
    return { ...record, data: { ...record.data, huggingface_metrics: null }, include_huggingface: false };
  }

  /**
   * The gateways that have a model now, in the order of detection; none for a model that nobody has.
   * @param {string} id
   * @returns {Promise<string[]>}
   */
  async detect(id) {
    for (const asked of await this.#qualified(id, null)) {
      const found = (await this.#part(asked))?.models[lower(asked)];
      if (found) return found;
    }
    return [];
  }

  /** Facts, state and coverage of each gateway, in the order of detection. */
  async gateways() {
    const found = await this.#read(STATES);
    if (!found) throw new CatalogUnreachable(`there is no catalog: ${this.#base}${STATES} is missing`);
    return found.gateways;
  }

  /** The detection index: which gateways have which model. */
  async index() {
    const found = await this.#read("catalog/index.json");
    if (!found) throw new CatalogUnreachable(`there is no catalog: ${this.#base}catalog/index.json is missing`);
    if (!found.digits) return found;
    const { digits, ...whole } = found; // a large catalog: the index is published in parts alone
    const first = await this.#read(`catalog/index/${"0".repeat(digits)}.json`);
    for await (const part of this.#parted("catalog/index/", first?.digits ?? digits)) {
      Object.assign(whole.models, part.models);
      Object.assign(whole.paths, part.paths);
    }
    return whole;
  }

  /** The part of the index that tells of an id: its shard, or a part of that in a large catalog. */
  async #part(id) {
    const found = await this.#read(shard(id));
    return found?.digits ? this.#read(shard(id, found.digits)) : found;
  }

  /** Every part of a list, some at a time. */
  async *#parted(folder, digits) {
    for (let number = 0; number < 16 ** digits; number += AT_ONCE) {
      const names = Array.from({ length: AT_ONCE }, (_, more) => (number + more).toString(16).padStart(digits, "0"));
      for (const part of await Promise.all(names.map((name) => this.#read(`${folder}${name}.json`)))) {
        if (!part) throw new CatalogUnreachable(`a part of ${this.#base}${folder} is missing`);
        yield part;
      }
    }
  }

  async #first(id, chain) {
    const asked = [];
    for (const name of chain) {
      let known = name;
      let found = await this.#has(id, name);
      if (!found && name && !(await this.#knows(name))) {
        console.warn(`unknown gateway, ${FALLBACK} answers`);
        known = FALLBACK;
        found = await this.#has(id, FALLBACK);
      }
      if (found) return found;
      asked.push(known);
    }
    throw problem(id, asked, await this.gateways());
  }

  async #knows(gateway) {
    return (await this.gateways()).some((state) => state.id === gateway);
  }

  async #has(id, gateway) {
    if (gateway && !GATEWAY.test(gateway)) return null; // nothing unchecked gets into a path
    const folder = gateway ? `catalog/gateway/${gateway}/model/` : "catalog/model/";
    for (const asked of await this.#qualified(id, gateway)) {
      const found = await this.#spelled(folder, asked);
      if (found) return found;
    }
    return null;
  }

  /** An id that names no organisation stands under its gateway's name. */
  async #qualified(id, gateway) {
    if (id.includes("/")) return [id];
    const names = gateway ? [gateway] : (await this.gateways()).map((state) => state.id);
    return names.map((name) => `${name}/${id}`);
  }

  /** The answer to an id as it is spelled; the index tells of ids that differ only in case. */
  async #spelled(folder, asked) {
    const found = await this.#read(folder + pathOf(asked));
    if (!found || !inDoubt(asked, found)) return found;
    const index = await this.#part(asked);
    if (index?.paths[asked] !== twin(asked)) return found;
    return (await this.#read(folder + twin(asked))) ?? found;
  }

  /** A document of the tree, null where there is none. */
  async #read(path) {
    const url = this.#base + path;
    const kept = await this.#cache?.get(url);
    const response = await this.#asked(url, kept?.etag ? { headers: { "If-None-Match": kept.etag } } : {});
    const unchanged = response.status === 304 && kept;
    const text = unchanged ? kept.text : await content(response, url);
    if (this.#verify) await this.#proved(path, text);
    if (text === null) return null;
    const found = parsed(text, url);
    if (!unchanged) await this.#cache?.set(url, { etag: response.headers.get("ETag"), text });
    return found;
  }

  /** Holds a file, or that there is none, to the manifest; after a difference there may have been a new build. */
  async #proved(path, text) {
    const expected = text === null ? undefined : sha256(utf8(text));
    const current = this.#manifest && Date.parse(this.#manifest.expires) > Date.now();
    if (current && (await this.#agrees(path, expected))) return;
    await this.#renew();
    if (await this.#agrees(path, expected)) return;
    const what = text === null ? "is missing" : "is not the file";
    throw new CatalogUntrusted(`${path} ${what} that manifest ${this.#manifest.serial} names`);
  }

  async #renew() {
    const text = await this.#now(MANIFEST);
    if (text === null) throw new CatalogUnreachable(`there is no catalog that can be verified: no ${MANIFEST}`);
    const found = parsed(text, MANIFEST);
    const { serial, expires, shards } = found;
    const last = this.#manifest?.serial ?? 0;
    if (!Number.isInteger(serial) || !shards) throw new CatalogUntrusted(`${MANIFEST} is no manifest`);
    if (serial < last) throw new CatalogUntrusted(`${MANIFEST} went back: its serial is ${serial}, not ${last}`);
    if (!(Date.parse(expires) > Date.now())) throw new CatalogUntrusted(`${MANIFEST} expired at ${expires}`);
    this.#manifest = found;
    this.#parts = new Map();
  }

  async #agrees(path, expected) {
    const { states } = this.#manifest;
    // In no shard, as it changes with every build; a manifest of old does not name it.
    if (path === STATES) return !states || states[path]?.[0] === expected;
    const name = sha256(utf8(path));
    let shard = await this.#shard(name.slice(0, 2), this.#manifest.shards[name.slice(0, 2)]);
    if (shard && this.#manifest.digits) { // a large catalog: the shard names its parts
      const part = name.slice(0, this.#manifest.digits);
      shard = await this.#shard(part, shard.get(`catalog/manifest/${part}.json`)?.[0]);
    }
    return shard !== null && shard.get(path)?.[0] === expected;
  }

  /** A part of the manifest, null where it is not the one with this digest. */
  async #shard(name, expected) {
    if (!this.#parts.has(name)) {
      const text = (await this.#now(`catalog/manifest/${name}.json`)) ?? "";
      if (sha256(utf8(text)) !== expected) return null;
      this.#parts.set(name, new Map(Object.entries(JSON.parse(text))));
    }
    return this.#parts.get(name);
  }

  /** The text of a file as the host has it now, whatever was kept on the way. */
  async #now(path) {
    const url = this.#base + path;
    return content(await this.#asked(url, { cache: "no-cache" }), url);
  }

  async #asked(url, init) {
    try {
      return await this.#fetch(url, init);
    } catch (cause) {
      throw new CatalogUnreachable(`${url}: ${cause.message}`, { cause });
    }
  }
}

/** What was sent as text, null for a file that is not there. */
async function content(response, url) {
  if (isAbsent(response)) return null;
  if (!response.ok) throw new CatalogUnreachable(`${url}: status ${response.status}`);
  return response.text();
}

/** S3 may call a missing file 403, and some hosts send their front page for it. */
function isAbsent(response) {
  const page = response.ok && (response.headers.get("Content-Type") ?? "").includes("html");
  return page || [403, 404, 410].includes(response.status);
}

function pathOf(id) {
  try {
    return escape(id);
  } catch (cause) {
    throw new ModelNotFound(`this cannot be a model: ${cause.message}`, { cause });
  }
}

/** Whether an answer may be another model, whose id differs from the one asked for only in case. */
function inDoubt(asked, found) {
  const spellings = [found.data.id, `${found.gateway}/${found.data.id}`];
  if (spellings.includes(asked)) return false;
  return spellings.map(lower).includes(asked) || asked !== lower(asked);
}

function parsed(text, url) {
  let found;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new CatalogUnreachable(`${url} is no document of a catalog`, { cause });
  }
  const major = parseInt(found?.schema_version, 10);
  if (Number.isNaN(major)) throw new CatalogUnreachable(`${url} is no document of a catalog`);
  if (major > MAJOR) throw new UnsupportedSchema(`${url} follows version ${major} of the contract, not ${MAJOR}`);
  return found;
}

/** Why nobody answers: a gateway without a list might have had the model. */
function problem(id, asked, states) {
  for (const state of asked.flatMap((name) => states.filter((each) => each.id === name))) {
    if (state.state === "unavailable") return new GatewayUnavailable(`the catalog has no list of ${state.id}`);
    if (state.state === "unconfigured" && !state.models) {
      return new GatewayNotConfigured(`${state.id} needs ${state.env.join(" or ")} to be set`, state.env);
    }
  }
  const where = asked.filter(Boolean).join(", ");
  return new ModelNotFound(`model ${JSON.stringify(id.slice(0, 200))} not found${where && ` on ${where}`}`);
}
