import { describe, expect, it } from "vitest";
import type { TableMapping } from "../../src/model/mapping.ts";
import { renderApply } from "../../src/replay/stage.ts";

const mapping: TableMapping = {
  id: 7,
  source: "item",
  target: { schema: "public", name: "item" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [
    {
      source: "id",
      target: "id",
      affinity: "integer",
      collation: "BINARY",
      conversion: { kind: "integer", type: "bigint" },
    },
    {
      source: "name",
      target: "the name",
      affinity: "text",
      collation: "BINARY",
      conversion: { kind: "text", maxLength: null, padded: false },
    },
  ],
};

describe("what brings a staged batch into a table", () => {
  it("takes the last state of each key", () => {
    const latest =
      '(select distinct on ("id") * from pg_temp."_changeover_stage_7" order by "id", ' +
      '"_changeover_pass" desc, "_changeover_deleted") as l';
    expect(renderApply(mapping)).toMatchObject({
      remove: `delete from "public"."item" as t using ${latest} where t."id" = l."id" and l."_changeover_deleted"`,
      upsert:
        `insert into "public"."item" ("id", "the name") overriding system value select l."id", l."the name" ` +
        `from ${latest} where not l."_changeover_deleted" on conflict ("id") do ` +
        `update set "the name" = excluded."the name"`,
    });
  });

  it("takes rows as they lie, where each key is there once and in order", () => {
    expect(renderApply(mapping).upsertAscending).toBe(
      'insert into "public"."item" ("id", "the name") overriding system value select l."id", l."the name" ' +
        'from pg_temp."_changeover_stage_7" as l where not l."_changeover_deleted" on conflict ("id") do update ' +
        'set "the name" = excluded."the name"',
    );
  });
});
