import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, it } from "vitest";
import { emptyDatabase } from "../support/target.ts";
import { type TortureCase, readCases } from "./parse-case.ts";
import { emptied } from "./postgres-side.ts";
import { runCase } from "./run-case.ts";

const home = mkdtempSync(join(tmpdir(), "changeover-torture-"));
const only = process.env["TORTURE"];
const cases = readCases().filter(({ name }) => only === undefined || name.includes(only));
const pending: string[] = [];
/** Databases that no case is using: making a hundred takes longer than emptying a few. */
const idle: string[] = [];

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
  if (pending.length > 0) console.warn(`${pending.length} torture cases do not come out yet as they should:\n${pending.join("\n")}`);
});

/** Databases made to be awkward: each says itself, at its head, how it is to come out. `TORTURE=name` runs those whose name holds it. */
describe.concurrent("torture", () => {
  for (const torture of cases) for (const types of torture.types) it(`${torture.name} (${types}): ${torture.title}`, { timeout: 90_000 }, () => run(torture, types));
});

async function run(torture: TortureCase, types: "plain" | "enhanced"): Promise<void> {
  const target = idle.pop() ?? (await emptyDatabase());
  const wrong = await runCase(torture, { folder: mkdtempSync(join(home, "case-")), target: await emptied(target), types });
  idle.push(target);
  if (torture.pending === null && wrong.length > 0) throw new Error(wrong.join("\n"));
  if (torture.pending === null) return;
  if (wrong.length === 0) throw new Error("it comes out as it should: take the line `pending` out of its file");
  pending.push(`${torture.name} (${types}), ${torture.pending}: ${wrong.join("; ")}`);
}
