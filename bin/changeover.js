#!/usr/bin/env node
import { existsSync } from "node:fs";
import { setFlagsFromString } from "node:v8";

// Before the program is loaded, which would enlarge V8's nursery for good: see src/stay-small.ts.
if (!("Deno" in globalThis || "Bun" in globalThis)) setFlagsFromString("--semi-space-growth-factor=1");

const bundle = new URL("../dist/bundle/main.js", import.meta.url);
const args = process.argv.slice(2);

if (existsSync(bundle)) {
  const { main } = await import(bundle.href);
  await main(args);
} else {
  // A checkout after `npm ci`, which builds nothing.
  const code = "NOT_BUILT";
  const message = "this checkout of changeover is not built: dist/ is missing";
  const hint = "run `npm run build` in it";
  if (args.includes("--json")) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  process.stderr.write(`error: ${message} [${code}]\nhint: ${hint}\n`);
  process.exitCode = 1;
}
