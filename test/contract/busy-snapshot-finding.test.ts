import { expect, it } from "vitest";
import { busySnapshotFindings } from "../../src/contract/busy-snapshot-finding.ts";
import type { SourceMigrationsTable } from "../../src/model/source-schema.ts";

const migrationsTable = (name: string): SourceMigrationsTable => ({
  table: `${name}_migrations`,
  tool: { name, command: "migrate" },
  own: null,
  version: null,
});

it("an ORM whose transactions read first is named once, with its setting; a server has its own locks", () => {
  const tools = [
    migrationsTable("Django"),
    migrationsTable("Django"),
    migrationsTable("Flyway"),
    migrationsTable("Sequelize"),
  ];
  const found = busySnapshotFindings({ isFile: true, tools });
  expect(found.map(({ code, severity }) => [code, severity])).toEqual([
    ["SOURCE_BUSY_SNAPSHOT", "info"],
    ["SOURCE_BUSY_SNAPSHOT", "info"],
  ]);
  expect(found[0]?.hint).toContain('"transaction_mode": "IMMEDIATE"');
  expect(found[1]?.hint).toContain("TYPES.IMMEDIATE");
  expect(busySnapshotFindings({ isFile: false, tools })).toEqual([]);
});
