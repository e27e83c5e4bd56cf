import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { copyStatement } from "../../src/copy/copy-statement.ts";
import { renderInsert } from "../../src/copy/render-insert.ts";
import type { TableMapping } from "../../src/model/mapping.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { emptyTarget } from "../support/target.ts";

const TYPES = [
  "bigint",
  "text",
  "numeric(12,3)",
  "varchar(20)",
  "char(4)",
  "timestamp(3)",
  "jsonb",
  "bytea",
  "boolean",
  "uuid",
  "double precision",
  "bit(3)",
  "integer[]",
];

function mappingOf(name: string): TableMapping {
  return {
    id: 1,
    source: "t",
    target: { schema: "public", name },
    identity: { kind: "columns", columns: ["c0"] },
    columns: TYPES.map((_, index) => ({
      source: `c${index}`,
      target: `c${index}`,
      affinity: "blob",
      collation: "BINARY",
      conversion: { kind: "text", maxLength: null, padded: false },
    })),
  };
}

const escaped = (text: string) =>
  text.replace(/[\\\t\n\r]/g, (found) => `\\${{ "\\": "\\", "\t": "t", "\n": "n", "\r": "r" }[found] ?? ""}`);
const text = fc.string({ unit: fc.constantFrom(..."\\\"'\t\n\r\b\u0001\u007fé😀aN/$E%;-") });
const nullable = (values: fc.Arbitrary<string>) => fc.option(values, { nil: "\\N" });
const row = fc.tuple(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  nullable(text.map(escaped)),
  nullable(fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(99_999)).map((parts) => parts.join("."))),
  nullable(text.filter((value) => [...value].length <= 20).map(escaped)),
  nullable(fc.constantFrom("", "a", "abcd", "ab  ")),
  nullable(fc.constantFrom("2024-02-29 10:00:00.123456", "0001-01-01", "infinity")),
  nullable(
    fc
      .json()
      .filter((json) => !json.includes("\\u0000") && !/\\ud/i.test(json))
      .map(escaped),
  ),
  nullable(fc.uint8Array({ maxLength: 9 }).map((bytes) => `\\\\x${Buffer.from(bytes).toString("hex")}`)),
  nullable(fc.constantFrom("t", "f")),
  nullable(fc.uuid()),
  nullable(fc.oneof(fc.double().map(String), fc.constantFrom("Infinity", "NaN", "-0"))),
  nullable(fc.constantFrom("101", "000")),
  nullable(fc.constantFrom("{}", "{1,2,NULL}")),
);

let session: TargetSession;
beforeAll(async () => {
  ({ session } = await emptyTarget(
    ["inserted", "copied"]
      .map((name) => `create table ${name}(${TYPES.map((type, index) => `c${index} ${type}`).join(", ")})`)
      .join("; "),
  ));
});

describe("rows of COPY text as an INSERT", () => {
  it("are those that COPY makes of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.constantFrom("on", "off"),
        async (rows, conforming) => {
          const lines = Buffer.from(rows.map((fields) => `${fields.join("\t")}\n`).join(""));
          await session.run(
            `truncate inserted, copied; set standard_conforming_strings = ${conforming}; ` +
              "set escape_string_warning = off",
          );
          await session.run(renderInsert(mappingOf("inserted"), lines) ?? expect.fail("has none"));
          await session.transaction(async (tx) => {
            const copy = await tx.copyIn(copyStatement(mappingOf("copied")));
            await copy.write(lines);
            await copy.finish();
          });
          const different = await session.rows(
            "(select i::text from inserted as i except all select c::text from copied as c) " +
              "union all (select c::text from copied as c except all select i::text from inserted as i)",
          );
          expect(different).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    await session.run("reset standard_conforming_strings");
  });

  it("is refused where COPY refuses them", async () => {
    const fields = TYPES.map(() => "\\N");
    for (const [place, value] of [
      [0, "1.5"],
      [3, "x".repeat(21)],
      [8, "maybe"],
      [11, "1010"],
    ] as const) {
      const lines = Buffer.from(`${fields.with(place, value).join("\t")}\n`);
      await expect(session.run(renderInsert(mappingOf("inserted"), lines) ?? "")).rejects.toMatchObject({
        context: { sqlState: expect.stringMatching(/^22/) as string },
      });
    }
  });

  it("is none where a statement cannot hold them", () => {
    const mapping = { ...mappingOf("t"), columns: mappingOf("t").columns.slice(0, 1) };
    expect(renderInsert(mapping, Buffer.from("a\0b\n"))).toBeNull();
    expect(renderInsert(mapping, Buffer.from([0xff, 0x0a]))).toBeNull();
    expect(renderInsert(mapping, Buffer.from(`${"x".repeat(100_000)}\n`))).toBeNull();
    expect(renderInsert(mapping, Buffer.from("it's\\\\\n\\N\n"))).toBe(
      `insert into "public"."t" ("c0") overriding system value values\n(E'it''s\\\\'),\n(null)`,
    );
  });
});
