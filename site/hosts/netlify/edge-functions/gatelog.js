// Netlify Edge Function for everything below /catalog/.

import { answer } from "../answer.js";
import { GATEWAYS } from "../gateways.js";

export const config = { path: "/catalog/*" };

/**
 * @param {Request} request
 * @param {{next: (options: {sendConditionalRequest: boolean}) => Promise<Response>}} context
 */
export default function gatelog(request, context) {
  const url = new URL(request.url);
  return answer(request, GATEWAYS, (path, init) =>
    // Only the file of this very address is behind this function; another one is a request of its own.
    path === url.pathname ? context.next({ sendConditionalRequest: true }) : fetch(new URL(path, url), init),
  );
}
