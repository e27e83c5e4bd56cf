import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueryStatement, QueryVerdict } from "../../src/index.ts";
import { fingerprintOf } from "../../src/queries/fingerprint.ts";
import { parseStatementFile } from "../../src/queries/read-statement-file.ts";
import { shopInSync } from "./shop.ts";

const golden = fileURLToPath(new URL("../golden/queries.txt", import.meta.url));

interface Line {
  readonly text: string;
  readonly statement: QueryStatement;
}

/** One statement a line; behind `<-` what is bound. */
function lines(): Line[] {
  const text = readFileSync(new URL("constructs.txt", import.meta.url), "utf8");
  return text.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith("#")) return [];
    const [sql = "", parameters = "[]"] = line.split(" <- ");
    const [statement] = parseStatementFile(`{"sql":${JSON.stringify(sql)},"parameters":${parameters}}`, "constructs");
    return statement === undefined ? [] : [{ text: line, statement }];
  });
}

function render(text: string, verdict: QueryVerdict): string {
  const codes = verdict.causes.map(({ code }) => code).join(", ");
  const facts = [
    // How long it takes is the machine's business.
    verdict.verdict === "slow" ? "same" : verdict.verdict,
    ...(verdict.sqlState === null ? [] : [verdict.sqlState]),
    ...(codes === "" ? [] : [codes]),
    ...(verdict.reason === null ? [] : [`(${verdict.reason})`]),
  ];
  const rewrite = verdict.rewrite === null ? "" : `\n  | ${verdict.rewrite.sql.replaceAll("\n", "\n  | ")}`;
  return `${text}\n  ${facts.join(" ")}${rewrite}`;
}

describe("statements of every kind, tried on both databases", () => {
  let verdicts: Map<string, QueryVerdict>;
  beforeAll(async () => {
    const { migration } = await shopInSync(afterAll);
    verdicts = new Map();
    // One after the other: statements that differ in values alone have one fingerprint.
    const rounds: Line[][] = [];
    for (const line of lines()) {
      const { digest } = fingerprintOf(line.statement.sql);
      const round = rounds.find((some) => !some.some((one) => fingerprintOf(one.statement.sql).digest === digest));
      if (round === undefined) rounds.push([line]);
      else round.push(line);
    }
    for (const round of rounds) {
      const { statements } = await migration.queries(round.map(({ statement }) => statement));
      for (const verdict of statements) {
        const line = round.find(({ statement }) => fingerprintOf(statement.sql).digest === verdict.fingerprint);
        verdicts.set(line?.text ?? "", verdict);
      }
    }
  });

  it("come out as the golden file says, and each rewrite gives SQLite's result", async () => {
    const blocks = lines().map(({ text }) => {
      const verdict = verdicts.get(text);
      return verdict === undefined ? `${text}\n  lost` : render(text, verdict);
    });
    await expect(`${blocks.join("\n\n")}\n`).toMatchFileSnapshot(golden);
  });

  it("are at least 200, and few of those that fail or differ have no rewrite", () => {
    const kinds = [...verdicts.values()].map(({ verdict }) => verdict);
    const count = (...wanted: readonly string[]) => kinds.filter((kind) => wanted.includes(kind)).length;
    expect(kinds.length).toBeGreaterThanOrEqual(200);
    expect(count("rewritten") / count("rewritten", "fails", "differs")).toBeGreaterThan(0.5);
  });
});
