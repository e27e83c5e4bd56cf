import { describe, expect, it } from "vitest";
import { renderProof } from "../../src/cli/render-proof.ts";
import type { Proof } from "../../src/schema/prove/prove-migrations.ts";

const PROVED: Proof = {
  ok: true,
  server: "an embedded PostgreSQL 18.4",
  migrations: [
    { name: "0001_people", outcome: "proved", pending: false },
    { name: "0002_rows", outcome: "one-way", pending: true },
  ],
  problems: [],
  together: 1,
  warnings: [],
  notes: [],
  untried: [],
};

describe("a proof for a person", () => {
  it("says of each migration that it is proved, and what comes next", () => {
    expect(renderProof(PROVED)).toBe(`  0001_people  up, down, up again: the same
  0002_rows  up; it has no down half, as it says
  the last one down in one transaction and up again in one: the same

2 migrations proved on an embedded PostgreSQL 18.4: nothing in them would hurt, as far as that can be seen
next: changeover up`);
  });

  it("shows what is wrong like a diff, and what would hurt with its place", () => {
    const wrong: Proof = {
      ...PROVED,
      ok: false,
      migrations: [{ name: "0001_people", outcome: "failed", pending: true }],
      problems: [
        {
          code: "DOWN_DIFFERS",
          migration: "0001_people",
          message: "the down section of 0001_people does not undo its up section",
          hint: "make it so",
          missing: ["column public.a.x: text"],
          extra: ["function public.f(): CREATE FUNCTION public.f()\n RETURNS void"],
        },
      ],
      together: null,
      warnings: [
        {
          code: "INDEX_BLOCKS_WRITES",
          migration: "0001_people",
          file: "0001_people.sql",
          line: 7,
          object: "orders",
          rows: 1_200_000,
          message: "builds an index on orders while writes to it wait",
          hint: "CREATE INDEX CONCURRENTLY",
        },
      ],
      notes: ["something is not known"],
    };
    expect(renderProof(wrong)).toBe(`  0001_people  FAILED

error    DOWN_DIFFERS
         the down section of 0001_people does not undo its up section
         - column public.a.x: text
         + function public.f(): CREATE FUNCTION public.f()
            RETURNS void
         make it so

warning  INDEX_BLOCKS_WRITES  0001_people.sql:7
         builds an index on orders while writes to it wait (orders: about 1,200,000 rows)
         CREATE INDEX CONCURRENTLY
note: something is not known

1 thing wrong with 1 migration: lines with - should be there, lines with + should not`);
  });

  it("says that nothing was run when nothing was", () => {
    expect(renderProof({ ...PROVED, server: null, together: null })).toBe(
      "\n2 migrations checked, none of them run: nothing in them would hurt, as far as that can be seen",
    );
  });
});
