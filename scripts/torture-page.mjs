// Writes docs/torture.md from the cases of test/torture/ and from pgloader's results on them.
// @ts-check
import { writeFileSync } from "node:fs";
import { createJiti } from "jiti";

/** @type {typeof import("../test/torture/render-page.ts")} */
const { TORTURE_PAGE, renderTorturePage } = await createJiti(import.meta.url).import("../test/torture/render-page.ts");
writeFileSync(TORTURE_PAGE, renderTorturePage());
