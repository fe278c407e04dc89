// Which file answers a request. Pure functions without dependencies, shared by every JavaScript host; the part on
// ids is also in the client. CloudFront Functions run them too, in an engine without for-of, spread, destructuring,
// default arguments and classes, and with a limit of 10 KB: hence the plain style and the second file, answer.js.

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

// ---- Requests ---------------------------------------------------------------------------------------------------

/** The gateway that stands in for one that nobody knows. */
export const FALLBACK = "openrouter";
const OFF = /^(false|0|no|off|f|n)$/i;
const PUBLISHED = /^[A-Za-z0-9._~/-]*$/; // what the escape writes; nothing else is in the tree
const DOTS = /(^|\/)\.\.?(\/|$)/;

/**
 * Find what answers a request.
 *
 * `file` is null where no file can answer; then `status` says 400 or 404. A request for a model has an `id`, a
 * `folder`, perhaps a `gateway` and a `warning`, and is `plain` if it wants no Hugging Face metrics.
 * @param {string} pathname as in the URL, percent-encoded
 * @param {URLSearchParams} query or whatever has its `get`
 * @param {string[]} gateways the gateways of the tree
 */
export function resolve(pathname, query, gateways) {
  const path = decoded(pathname);
  if (path === null) return refused(400, "the path is not percent-encoded UTF-8");
  if (path.indexOf("\0") >= 0) return refused(400, "the path holds a NUL character");
  const clean = path.replace(/\/+/g, "/").slice(1);
  if (/^catalog\/model(\/|$)/.test(clean) && !/\.json$/.test(clean)) return modelOf(clean.slice(14), query, gateways);
  return PUBLISHED.test(clean) && !DOTS.test(clean) ? { file: clean, id: null } : refused(404, "no such file");
}

function modelOf(id, query, gateways) {
  const asked = lower((query.get("gateway") || "").trim());
  const known = !asked || gateways.indexOf(asked) >= 0;
  const gateway = known ? asked || null : FALLBACK;
  const answer = {
    id: id,
    folder: gateway ? `catalog/gateway/${gateway}/model/` : "catalog/model/",
    gateway: gateway,
    plain: OFF.test(query.get("include_huggingface") || ""),
    warning: known ? null : `299 - "unknown gateway, ${FALLBACK} answers"`,
  };
  if (/\/$/.test(id)) return Object.assign(answer, { file: null, status: 404 });
  try {
    return Object.assign(answer, { file: answer.folder + escape(id) });
  } catch (problem) {
    return refused(400, problem.message);
  }
}

/**
 * The files that may answer a request, the first that is there first.
 *
 * Only the tree knows which of two case twins owns the lower-case path, so a model has two candidates.
 */
export function candidates(asked) {
  if (!asked.file) return [];
  return asked.id === null ? [asked.file] : [asked.folder + twin(asked.id), asked.file];
}

function refused(status, message) {
  return { file: null, id: null, status: status, message: message };
}

function decoded(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch (problem) {
    return null;
  }
}

/**
 * The name under which `build.py --plain` publishes the same record without Hugging Face metrics.
 * @param {string} file
 * @returns {string}
 */
export function plainFile(file) {
  return file.replace(/^catalog\//, "catalog/plain/");
}

/**
 * A status and the JSON body that says why.
 * @param {number} status
 * @param {string} type
 * @param {string} message
 * @param {object} [names] provider, model and gateway
 */
export function failure(status, type, message, names) {
  const body = Object.assign({ error: { code: status, message: message, type: type } }, names);
  return { status: status, body: `${JSON.stringify(body, null, 2)}\n` };
}
