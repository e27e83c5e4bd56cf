import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FINDING_CODES } from "../../src/model/finding-code.ts";

const root = new URL("../../", import.meta.url);

describe("docs/findings.md", () => {
  const rows = readFileSync(new URL("docs/findings.md", root), "utf8")
    .split("\n")
    .flatMap((line) => {
      const match = /^\| `([A-Z0-9_]+)` \| ([a-z, ]+) \|/.exec(line);
      return match === null ? [] : [{ code: match[1] ?? "", severities: (match[2] ?? "").split(", ") }];
    });

  it("explains every code of the source, and each once", () => {
    expect(rows.map(({ code }) => code).sort()).toEqual([...FINDING_CODES].sort());
  });

  it("knows no severity but the three", () => {
    expect(
      rows.filter(
        ({ severities }) => !severities.every((severity) => ["blocking", "warning", "info"].includes(severity)),
      ),
    ).toEqual([]);
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
