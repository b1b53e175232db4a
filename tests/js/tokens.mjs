/**
 * Whether modules still say the same once they are shortened, token for token: for each pair of
 * files given, what differs first. Run with --expose-internals, for the parser that node brings.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { tokenizer } = createRequire(import.meta.url)("internal/deps/acorn/acorn/dist/acorn");
const OPTIONS = { ecmaVersion: "latest", sourceType: "module" };

const tokens = (path) => Array.from(
  tokenizer(readFileSync(path, "utf8"), OPTIONS),
  ({ type, value }) => `${type.label} ${value?.pattern ?? value ?? ""}`,
);

for (let nth = 2; nth < process.argv.length; nth += 2) {
  const [long, short] = [tokens(process.argv[nth]), tokens(process.argv[nth + 1])];
  const place = long.findIndex((token, at) => token !== short[at]);
  if (place >= 0 || long.length !== short.length) {
    process.stdout.write(`${process.argv[nth]}: ${long[place]} became ${short[place]}\n`);
  }
}
