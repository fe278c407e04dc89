// Compare plainBody with every file that `build.py --plain` wrote: node plain.mjs <folder>

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { plainBody } from "../../site/hosts/answer.js";
import { plainFile } from "../../site/hosts/resolve.js";

const [tree] = process.argv.slice(2);
const paths = readdirSync(join(tree, "catalog/plain"), { recursive: true }).filter((path) => path.endsWith(".json"));
const wrong = paths.filter((path) => {
  const file = `catalog/${path}`;
  const made = Buffer.from(plainBody(readFileSync(join(tree, file), "utf8")));
  return !made.equals(readFileSync(join(tree, plainFile(file))));
});
console.log(JSON.stringify({ compared: paths.length, wrong }));
