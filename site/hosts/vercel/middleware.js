// Vercel Routing Middleware for everything below /catalog/.

import { answer } from "./answer.js";
import { GATEWAYS } from "./gateways.js";

export const config = { matcher: "/catalog/:path*" };

// Middleware cannot see what the host answers, so it asks for the file itself; this marks its own requests.
const MARK = "x-gatelog-file";

/** @param {Request} request */
export default function middleware(request) {
  if (request.headers.has(MARK)) return new Response(null, { headers: { "x-middleware-next": "1" } });
  return answer(request, GATEWAYS, (path, init = {}) =>
    fetch(new URL(path, request.url), { ...init, headers: { ...init.headers, [MARK]: "1" } }),
  );
}
