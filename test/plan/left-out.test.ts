import { describe, expect, it } from "vitest";
import { parseCreateTable } from "../../src/inspect/parse-create-table.ts";
import { FINDING_CODES, type FindingCode } from "../../src/model/finding-code.ts";
import type { Finding } from "../../src/model/proposal.ts";
import { isAboutSchema, noticesOf } from "../../src/plan/notices.ts";
import { wordsOf } from "../../src/plan/schema-objects.ts";

const finding = (code: FindingCode, more: Partial<Finding> = {}): Finding => ({
  code,
  severity: "warning",
  table: "t",
  message: "why",
  hint: "what to do",
  ...more,
});

describe("what a run says of its findings", () => {
  it("names something for every code that is a warning, whatever it is about", () => {
    for (const code of FINDING_CODES)
      expect(noticesOf([finding(code, { column: "c" })], {}), code).toMatchObject([
        { code, table: "t", reason: "why", hint: "what to do", name: expect.any(String) as string },
      ]);
  });

  it("counts all that does not come over, is renamed or means something else, be it only for information", () => {
    const saysSo = FINDING_CODES.filter((code) =>
      new RegExp(
        "_NOT_TRANSLATED$|^TARGET_.+_MISSING$|^NAME_|^EXCLUDED$|^VIRTUAL_TABLE|_UNREADABLE$|^COLLATION_|" +
          "^FOREIGN_KEY_VIOLATED$|^NOCASE_|_AS_PLAIN$|_VIOLATED$|^FOREIGN_KEY_|^NULL_IN_KEY$|^INDEX_",
      ).test(code),
    );
    expect(saysSo.length).toBeGreaterThan(30);
    for (const code of saysSo) {
      const [notice] = noticesOf([finding(code, { severity: "info" })], {});
      expect(notice?.change, code).toMatch(/left-out|renamed|changed/);
      expect(isAboutSchema(code), code).toBe(true);
    }
  });

  it("goes by the object's own name, and says what stands in its place", () => {
    const object = { kind: "unique-index", name: "u", targetTable: "t" } as const;
    const replaced = { ...object, isReplaced: true } as const;
    expect(
      noticesOf(
        [
          finding("INDEX_NOT_TRANSLATED", { object }),
          finding("INDEX_TOO_WIDE", { object: replaced }),
          finding("NAME_CHANGED"),
          finding("NAME_CHANGED", { column: "c" }),
          finding("TARGET_ROW_SECURITY", { table: "" }),
        ],
        {},
      ).map(({ change, kind, name }) => `${change} ${kind} ${name}`),
    ).toEqual([
      "left-out unique-index u",
      "changed unique-index u",
      "renamed table t",
      "renamed column c",
      "warning database the target",
    ]);
  });

  it("takes --accept, a rule and --exclude for an answer", () => {
    const by = (found: Finding, accept: readonly string[] = []) => noticesOf([found], { accept })[0]?.confirmedBy;
    expect(by(finding("TRIGGER_NOT_TRANSLATED"))).toBeNull();
    expect(by(finding("TRIGGER_NOT_TRANSLATED"), ["VIEW_NOT_TRANSLATED", "trigger_not_translated:t"])).toBe("accept");
    expect(by(finding("VALUE_NOT_CONVERTIBLE", { settledBy: "rule" }))).toBe("rule");
    expect(by(finding("EXCLUDED", { severity: "info" }))).toBe("rule");
  });
});

describe("ON CONFLICT in a CREATE TABLE", () => {
  it("is found with its constraint, but where it says what SQLite does anyway", () => {
    expect(
      parseCreateTable(
        `CREATE TABLE t(id INTEGER PRIMARY KEY ON CONFLICT REPLACE, a TEXT NOT NULL
          ON CONFLICT IGNORE DEFAULT 'on conflict fail',
          b UNIQUE ON CONFLICT ABORT, c CHECK (c > 0) ON CONFLICT FAIL, "d e" UNIQUE ON CONFLICT rollback,
          CONSTRAINT u UNIQUE (a, b) ON CONFLICT REPLACE, UNIQUE (b, c))`,
      ).conflicts,
    ).toEqual([
      { column: "id", constraint: "PRIMARY KEY", action: "REPLACE" },
      { column: "a", constraint: "NOT NULL", action: "IGNORE" },
      { column: "d e", constraint: "UNIQUE", action: "ROLLBACK" },
      { column: null, constraint: "UNIQUE (a, b)", action: "REPLACE" },
    ]);
  });
});

describe("names in an expression", () => {
  it("are neither its texts nor its functions", () => {
    expect([...wordsOf(`length(a) > 0 AND "B c" IN ('d', 'e''f') OR [g] = \`h\` AND lower (i)`)].sort()).toEqual(
      ["a", "and", "b c", "g", "h", "i", "or"].sort(),
    );
  });
});
