#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// Before the program is loaded, which would enlarge V8's nursery for good: see src/stay-small.ts.
if (!("Deno" in globalThis)) setFlagsFromString("--semi-space-growth-factor=1");
const { main } = await import("../dist/bundle/main.js");

await main(process.argv.slice(2));
