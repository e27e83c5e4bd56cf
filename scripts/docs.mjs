// Writes the pages of docs/reference/ that are made from the source: npm run docs
// @ts-check
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

/** @type {typeof import("./reference/pages.ts")} */
const { REFERENCE } = await createJiti(import.meta.url).import("./reference/pages.ts");
for (const [page, render] of Object.entries(REFERENCE))
  writeFileSync(fileURLToPath(new URL(`../${page}`, import.meta.url)), await render());
