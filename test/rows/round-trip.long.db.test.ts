import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyTable } from "../../src/copy/copy-table.ts";
import { ChangeoverError } from "../../src/errors.ts";
import type { Conversion, TableMapping } from "../../src/model/mapping.ts";
import { prepareRunStore } from "../../src/schema/migrate/prepare-run-store.ts";
import { openSource } from "../../src/source/source.ts";
import { createRun } from "../../src/target/store/run-store.ts";
import { loadTables } from "../../src/target/store/table-store.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

/**
 * Any value, into any type: it arrives equal, or the copy stops. The oracle reads PostgreSQL's value as text and
 * compares it with the value that was put in; it knows nothing of encoders and kinds.
 */
type Value = { readonly sql: string; readonly is: (targetText: string, type: string) => boolean };

const TYPES: readonly { readonly type: string; readonly conversion: Conversion }[] = [
  { type: "bigint", conversion: { kind: "integer", type: "bigint" } },
  { type: "integer", conversion: { kind: "integer", type: "integer" } },
  { type: "double precision", conversion: { kind: "double" } },
  { type: "numeric", conversion: { kind: "numeric", scale: null } },
  { type: "numeric(12,2)", conversion: { kind: "numeric", scale: 2 } },
  { type: "text", conversion: { kind: "text", maxLength: null, padded: false } },
  { type: "varchar(5)", conversion: { kind: "text", maxLength: 5, padded: false } },
  { type: "char(5)", conversion: { kind: "text", maxLength: 5, padded: true } },
  { type: "bytea", conversion: { kind: "bytes" } },
  { type: "boolean", conversion: { kind: "boolean" } },
];

const integer = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -3n, max: 3n })).map(
  (value): Value => ({
    sql: value === -(2n ** 63n) ? "(-9223372036854775807 - 1)" : String(value),
    is: (targetText, type) =>
      type === "boolean"
        ? targetText === (value === 1n ? "true" : "false") && (value === 0n || value === 1n)
        : type === "double precision"
          ? BigInt(Number(targetText)) === value
          : BigInt(targetText.trim().replace(/\.0*$/, "")) === value,
  }),
);

// Beyond that SQLite reads the literal as an infinity.
const real = fc
  .double({ noNaN: true, min: -1.7e308, max: 1.7e308 })
  .map((value): Value => ({ sql: realLiteral(value), is: (targetText) => Number(targetText) === value }));

const text = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.string({ maxLength: 6 }),
    fc.constantFrom("", " ", " 12 ", "12", "true", "1e3", "\\N", "\\x00", "a\tb\r\nc\\d", "a\u0000b", "abc  "),
  )
  .filter((value) => value.isWellFormed())
  .map(
    (value): Value => ({
      sql: `CAST(x'${Buffer.from(value).toString("hex")}' AS TEXT)`,
      is: (targetText, type) =>
        type === "bytea"
          ? targetText === `\\x${Buffer.from(value).toString("hex")}`
          : type === "char(5)"
            ? targetText === value + " ".repeat(Math.max(0, 5 - [...value].length))
            : targetText === value,
    }),
  );

const blob = fc.uint8Array({ maxLength: 12 }).map(
  (value): Value => ({
    sql: `x'${Buffer.from(value).toString("hex")}'`,
    is: (targetText) => targetText === `\\x${Buffer.from(value).toString("hex")}`,
  }),
);

function realLiteral(value: number): string {
  const bytes = value.toExponential(20);
  return Object.is(value, -0) ? "-0.0" : bytes;
}

const RUN = "00000000-0000-0000-0000-000000000001";

describe("any value into any type", () => {
  let target: Awaited<ReturnType<typeof emptyTarget>>;

  beforeAll(async () => {
    target = await emptyTarget();
    await prepareRunStore(target.session, target.url);
  });

  afterAll(() => target.target.close());

  for (const { type, conversion } of TYPES) {
    it(`arrives equal in ${type}, or the copy stops`, async () => {
      const { path, application } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
      const source = openSource({ url: path });
      const mapping: TableMapping = {
        id: 1,
        source: "t",
        target: { schema: "public", name: "t" },
        identity: { kind: "columns", columns: ["id"] },
        columns: [
          {
            source: "id",
            target: "id",
            affinity: "integer",
            collation: "BINARY",
            conversion: { kind: "integer", type: "bigint" },
          },
          { source: "v", target: "v", affinity: "blob", collation: "BINARY", conversion },
        ],
      };
      let arrivals = 0;
      await fc.assert(
        fc.asyncProperty(fc.oneof(integer, real, text, blob), async (value) => {
          await application.executeMultiple(`DELETE FROM t; INSERT INTO t VALUES(1, ${value.sql}), (2, NULL)`);
          await target.session.run(
            `drop table if exists public.t; create table public.t(id bigint primary key, v ${type}); delete ` +
              "from changeover.run",
          );
          await createRun(target.session, {
            id: RUN,
            source: "x",
            sourceIdentity: { kind: "server", url: "x" },
            captured: false,
            mappings: [mapping],
            rows: new Map(),
          });
          const [state] = await loadTables(target.session, RUN);
          if (state === undefined) throw new Error("no state");
          const failure = await copyTable(source, target.session, {
            run: RUN,
            mapping,
            state,
            loggedSince: 0n,
            onRows() {},
          }).then(
            () => null,
            (error: unknown) => error,
          );
          if (failure !== null) {
            expect(failure).toBeInstanceOf(ChangeoverError);
            expect((failure as ChangeoverError).code).toBe("VALUE_NOT_CONVERTIBLE");
            const [left] = await target.session.rows<{ n: string }>("select count(*)::text as n from public.t");
            expect(left?.n).toBe("0");
            return;
          }
          arrivals++;
          const rows = await target.session.rows<{ v: string | null }>(
            "select case when id = 1 then v::text end as v from public.t order by id",
          );
          expect(rows).toHaveLength(2);
          const targetText =
            type === "char(5)"
              ? (await target.session.rows<{ v: string }>("select format('%s', v) as v from public.t where id = 1"))[0]
                  ?.v
              : rows[0]?.v;
          expect(value.is(targetText ?? "NULL", type)).toBe(true);
          expect(rows[1]?.v).toBeNull();
        }),
        { numRuns: 150 },
      );
      expect(arrivals).toBeGreaterThan(0);
      source.close();
    });
  }
});
