import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, it } from "vitest";
import { emptyDatabase } from "../support/target.ts";
import { readCases, type TortureCase } from "./parse-case.ts";
import { emptied } from "./postgres-side.ts";
import { runCase } from "./run-case.ts";

interface Suite {
  readonly home: string;
  /** Databases that no case is using: making a hundred takes longer than emptying a few. */
  readonly idle: string[];
  readonly pending: string[];
}

/**
 * Databases made to be awkward: each says itself, at its head, how it is to come out. `TORTURE=name` runs those whose
 * name holds it. What is marked as pending fails once it comes out right; until then it is printed at the end.
 */
export function describeCases(title: string, belongs: (torture: TortureCase) => boolean): void {
  const suite: Suite = { home: mkdtempSync(join(tmpdir(), "changeover-torture-")), idle: [], pending: [] };
  const only = process.env["TORTURE"] ?? "";
  const cases = readCases().filter((torture) => belongs(torture) && torture.name.includes(only));

  afterAll(() => {
    rmSync(suite.home, { recursive: true, force: true });
    if (suite.pending.length > 0)
      console.warn(
        `${suite.pending.length} torture cases do not come out yet as they should:\n${suite.pending.join("\n")}`,
      );
  });

  describe.concurrent(title, () => {
    if (cases.length === 0) it.skip("TORTURE names none of these");
    for (const torture of cases)
      for (const types of torture.types)
        it(`${torture.name} (${types}): ${torture.title}`, { timeout: 90_000 }, () => run(torture, types, suite));
  });
}

async function run(torture: TortureCase, types: "plain" | "enhanced", { home, idle, pending }: Suite): Promise<void> {
  const target = idle.pop() ?? (await emptyDatabase());
  const wrong = await runCase(torture, {
    folder: mkdtempSync(join(home, "case-")),
    target: await emptied(target),
    types,
  });
  idle.push(target);
  if (torture.pending === null && wrong.length > 0) throw new Error(wrong.join("\n"));
  if (torture.pending === null) return;
  if (wrong.length === 0) throw new Error("it comes out as it should: take the line `pending` out of its file");
  pending.push(`${torture.name} (${types}), ${torture.pending}: ${wrong.join("; ")}`);
}
