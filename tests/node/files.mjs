// What a static host does with a request: the file as it is, or an HTML page with 404.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

const TYPES = { ".json": "application/json", ".html": "text/html", ".js": "text/javascript" };

/**
 * @param {string} folder
 * @param {Request} request
 * @param {{conditional?: boolean, miss?: () => Response | Promise<Response>}} [options]
 */
export async function fileOf(folder, request, { conditional = true, miss = htmlPage } = {}) {
  const path = decodeURIComponent(new URL(request.url).pathname);
  const body = path.includes("\0") ? null : await readFile(join(folder, path)).catch(() => null);
  if (body === null) return miss();
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  const headers = { ETag: etag, "Cache-Control": "public, max-age=0, must-revalidate" };
  if (conditional && request.headers.get("If-None-Match") === etag) return new Response(null, { status: 304, headers });
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  return new Response(request.method === "HEAD" ? null : body, { headers: { ...headers, "Content-Type": type } });
}

function htmlPage() {
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  return new Response("<!doctype html><title>Not found</title>", { status: 404, headers });
}
