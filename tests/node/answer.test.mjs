// What answer.js makes of whatever a host does with its files.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answer } from "../../site/hosts/answer.js";
import { candidates, resolve } from "../../site/hosts/resolve.js";

const GATEWAYS = ["openrouter", "chutes"];
const RECORD =
  '{\n  "data": {\n    "huggingface_metrics": {\n      "likes": 1.0\n    }\n  },\n  "include_huggingface": true\n}\n';
const PLAIN = '{\n  "data": {\n    "huggingface_metrics": null\n  },\n  "include_huggingface": false\n}\n';

/** Ask with files that answer by path; notes what was asked for. */
async function asked(target, files, init) {
  const paths = [];
  const asset = async (path) => {
    paths.push(path);
    return files[path]?.() ?? new Response("<html>", { status: 404, headers: { "Content-Type": "text/html" } });
  };
  const reply = await answer(new Request(`https://host.example${target}`, init), GATEWAYS, asset);
  return { reply, paths };
}

const record = (headers) => () => new Response(RECORD, { headers });

test("the twin's file answers before the escaped one", async () => {
  const files = candidates(resolve("/catalog/model/a/B", new URLSearchParams(), GATEWAYS)).map((file) => `/${file}`);
  assert.match(files[0], /^\/catalog\/model\/a\/b~~[0-9a-f]{24}\.json$/);
  assert.equal(files[1], "/catalog/model/a/b.json");
  const { reply } = await asked("/catalog/model/a/B", {
    [files[0]]: () => new Response("twin"),
    [files[1]]: () => new Response("escaped"),
  });
  assert.equal(await reply.text(), "twin");
});

test("states are read only when a named gateway has no such model", async () => {
  const files = { "/catalog/model/a/b.json": record() };
  assert.ok(!(await asked("/catalog/model/a/b", files)).paths.includes("/catalog/gateways.json"));
  assert.ok(!(await asked("/catalog/model/a/c", files)).paths.includes("/catalog/gateways.json"));
  assert.ok((await asked("/catalog/model/a/c?gateway=chutes", files)).paths.includes("/catalog/gateways.json"));
});

test("without states a miss is a 404", async () => {
  assert.equal((await asked("/catalog/model/a/b?gateway=chutes", {})).reply.status, 404);
});

test("what is refused asks for no file", async () => {
  for (const target of ["/catalog/model/%zz", "/catalog/model/a/%00", "/catalog/model/", "/catalog/model/a/b/"]) {
    assert.deepEqual((await asked(target, {})).paths, []);
  }
  assert.deepEqual((await asked("/catalog/model/a/b", {}, { method: "DELETE" })).paths, []);
});

test("a host that fails is a 502 in JSON, not its own page", async () => {
  const files = { "/catalog/model/a/b.json": () => new Response("<html>", { status: 500 }) };
  const { reply } = await asked("/catalog/model/a/b", files);
  assert.equal(reply.status, 502);
  assert.equal((await reply.json()).error.type, "host_failed");
});

test("a record loses the encoding that its body no longer has", async () => {
  const headers = { "Content-Encoding": "br", "Content-Length": "1", ETag: 'W/"x"', "Content-Type": "text/plain" };
  const { reply } = await asked("/catalog/model/a/b", { "/catalog/model/a/b.json": record(headers) });
  assert.equal(reply.headers.get("Content-Encoding"), null);
  assert.equal(reply.headers.get("Content-Length"), null);
  assert.equal(reply.headers.get("Content-Type"), "application/json; charset=utf-8");
  assert.equal(reply.headers.get("ETag"), 'W/"x"');
});

test("a record without metrics has its own bytes and its own tag", async () => {
  const files = { "/catalog/model/a/b.json": record({ ETag: 'W/"x"' }) };
  const target = "/catalog/model/a/b?include_huggingface=FALSE";
  const { reply } = await asked(target, files);
  assert.equal(await reply.text(), PLAIN);
  assert.equal(reply.headers.get("ETag"), 'W/"x-plain"');
  const known = (tags) => asked(target, files, { headers: { "If-None-Match": tags } });
  for (const tags of ['"x-plain"', '"y", W/"x-plain"', "*"]) assert.equal((await known(tags)).reply.status, 304);
  for (const tags of ['W/"x"', '"y"']) assert.equal((await known(tags)).reply.status, 200);
});

test("a record without metrics and without a tag gets none", async () => {
  const { reply } = await asked("/catalog/model/a/b?include_huggingface=n", { "/catalog/model/a/b.json": record() });
  assert.equal(reply.headers.get("ETag"), null);
  assert.equal(await reply.text(), PLAIN);
});

test("another file keeps its type", async () => {
  const files = { "/catalog/models.csv": () => new Response("a,b", { headers: { "Content-Type": "text/csv" } }) };
  const { reply } = await asked("/catalog/models.csv", files);
  assert.equal(reply.headers.get("Content-Type"), "text/csv");
  assert.equal(reply.headers.get("Cache-Control"), "public, max-age=60");
});

test("only what a tree can hold is asked for", async () => {
  for (const path of ["/catalog/a%20b.json", "/catalog/a%5c..%5cb.json", "/catalog/..%2fa.json", "/catalog/%3f.json"]) {
    const { reply, paths } = await asked(path, {});
    assert.deepEqual(paths, []);
    assert.equal((await reply.json()).error.type, "not_found");
  }
  assert.deepEqual((await asked("/catalog//model/%7ea/b%2Ejson", {})).paths, ["/catalog/model/~a/b.json"]);
});
