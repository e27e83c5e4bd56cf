// Lists sentences of the pages and of comments that have too many words: node scripts/long-sentences.mjs [--max 35]
// [--count] [FILE…]
// @ts-check
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createJiti } from "jiti";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** @type {typeof import("./sentences.ts")} */
const { pages, sentencesOf, sources } = await createJiti(import.meta.url).import("./sentences.ts");

const { values, positionals } = parseArgs({
  options: { max: { type: "string", default: "35" }, count: { type: "boolean", default: false } },
  allowPositionals: true,
});
const max = Number(values.max);
const files =
  positionals.length > 0
    ? positionals.map((file) => relative(ROOT, file))
    : [...pages().filter((page) => page !== "docs/reference/library.md"), ...sources()];
const sentences = files.flatMap((file) => sentencesOf(file, readFileSync(`${ROOT}${file}`, "utf8")));
const long = sentences.filter(({ words }) => words > max);
if (!values.count)
  for (const { file, line, words, text } of long) console.log(`${file}:${line}: ${words} words: ${text}`);
const share = (/** @type {(file: string) => boolean} */ of) => {
  const all = sentences.filter(({ file }) => of(file)).length;
  const found = long.filter(({ file }) => of(file)).length;
  return `${found} of ${all} sentences (${all === 0 ? 0 : ((100 * found) / all).toFixed(1)} %)`;
};
const isPage = (/** @type {string} */ file) => file.endsWith(".md");
console.log(`over ${max} words: pages ${share(isPage)}; comments ${share((file) => !isPage(file))}`);
