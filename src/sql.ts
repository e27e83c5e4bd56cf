import { readFileSync } from "node:fs";

const cache = new Map<string, string>();

/** The text of `sql/<name>.sql`: `sql("target/load-run")`. */
export function sql(name: string): string {
  let text = cache.get(name);
  if (text === undefined) {
    // src/ and dist/ are both one level below the root, so one path serves both.
    text = readFileSync(new URL(`../sql/${name}.sql`, import.meta.url), "utf8");
    cache.set(name, text);
  }
  return text;
}
