import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FINDING_WORDS } from "../../scripts/reference/finding-words.ts";
import { FINDING_CODES } from "../../src/model/finding-code.ts";

const root = new URL("../../", import.meta.url);

describe("docs/reference/findings.md", () => {
  const rows = readFileSync(new URL("docs/reference/findings.md", root), "utf8")
    .split("\n")
    .flatMap((line) => /^\| `([A-Z0-9_]+)` \|/.exec(line)?.[1] ?? []);

  it("explains every code of the source, and each once", () => {
    expect(rows.sort()).toEqual([...FINDING_CODES].sort());
  });

  it("knows no severity but the three", () => {
    const severities = Object.values(FINDING_WORDS).flatMap(([severity]) => severity.split(", "));
    expect([...new Set(severities)].sort()).toEqual(["blocking", "info", "warning"]);
  });
});

describe("codes of findings", () => {
  it("are all in use", () => {
    const source = fileURLToPath(new URL("src", root));
    const texts = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith("finding-code.ts"))
      .map((file) => readFileSync(`${source}/${file}`, "utf8"))
      .join("\n");
    expect(FINDING_CODES.filter((code) => !texts.includes(`"${code}"`))).toEqual([]);
  });
});
