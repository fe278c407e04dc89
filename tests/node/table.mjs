// Answer questions about resolve.js and answer.js, one JSON array of [function, ...arguments] on each line.

import { createInterface } from "node:readline";

import * as answer from "../../site/hosts/answer.js";
import * as resolve from "../../site/hosts/resolve.js";

const FUNCTIONS = { ...resolve, ...answer };

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...given] = JSON.parse(line);
  let result = null;
  try {
    result = FUNCTIONS[name](...given);
  } catch {
    // Null stands for whatever was thrown: an id that has no path.
  }
  console.log(JSON.stringify(result));
}
