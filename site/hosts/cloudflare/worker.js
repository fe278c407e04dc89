// Cloudflare Worker with static assets; `env.ASSETS` is the tree.

import { answer } from "./answer.js";
import { GATEWAYS } from "./gateways.js";

export default {
  /**
   * @param {Request} request
   * @param {{ASSETS: {fetch: typeof fetch}}} env
   */
  fetch(request, env) {
    const url = new URL(request.url);
    if (!/^\/+catalog\//.test(url.pathname)) return env.ASSETS.fetch(request);
    return answer(request, GATEWAYS, (path, init) => env.ASSETS.fetch(new URL(path, url), init));
  },
};
