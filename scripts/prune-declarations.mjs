// Removes the declarations that no entry of the package leads to: seven hundred of nine hundred files.
// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
/** @type {{ exports: Record<string, string | { types: string }> }} */
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** @type {Set<string>} */
const reached = new Set();
const waiting = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === "string" ? [] : [join(ROOT, entry.types)],
);
for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
  if (reached.has(file) || !existsSync(file)) continue;
  reached.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g))
    waiting.push(join(dirname(file), path.replace(/\.[jt]s$/, ".d.ts")));
}
for (const name of readdirSync(DIST, { recursive: true, encoding: "utf8" })) {
  const file = join(DIST, name);
  if (name.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
}
