import { describe, expect, it } from "vitest";
import { howFar } from "../../../src/cli/how-far.ts";
import { migrateOptions } from "../../../src/cli/migrate-options.ts";
import { migrationsExitCode, renderMigrationList } from "../../../src/cli/render-migration-list.ts";
import { chooseUp } from "../../../src/schema/migrate/choose-changes.ts";
import type { MigrationRecord } from "../../../src/schema/migrate/migration-records.ts";
import { type MigrationState, migrationStatusOf } from "../../../src/schema/migrate/migration-status.ts";
import { checksumOf } from "../../../src/schema/migrate/read-migration-files.ts";
import { refuseChangedFiles } from "../../../src/schema/migrate/refuse-changed-files.ts";

const FILE = (name: string, text = name) => ({
  name,
  file: `${name}.sql`,
  path: `m/${name}.sql`,
  text,
  checksum: checksumOf(text),
});
const ROW = (name: string, id = name) => ({ name, id, runOn: "2026-11-23T10:00:00.123456" });
const RECORD = (name: string, given: Partial<MigrationRecord> = {}): [string, MigrationRecord] => [
  name,
  {
    name,
    file: `${name}.sql`,
    checksum: checksumOf(name),
    text: name,
    migrationId: name,
    runOn: "2026-11-23T10:00:00.123456",
    appliedBy: "ann@desk",
    role: "app",
    durationMs: 12,
    ...given,
  },
];

const STATE: MigrationState = {
  files: [FILE("0001_a"), FILE("0002_b", "other"), FILE("0003_c"), FILE("0005_e"), FILE("0006_f"), FILE("0007_g")],
  applied: [ROW("0001_a"), ROW("0002_b"), ROW("0004_d"), ROW("0005_e", "again"), ROW("0006_f")],
  records: new Map([
    RECORD("0001_a"),
    RECORD("0002_b"),
    RECORD("0004_d"),
    RECORD("0005_e"),
    RECORD("0006_f", { appliedBy: null, role: null, durationMs: null }),
  ]),
};

it("the status distinguishes applied, changed, missing, out-of-order and pending, in order", () => {
  expect(renderMigrationList(migrationStatusOf(STATE))).toBe(
    [
      "applied       0001_a  2026-11-23 10:00:00  by ann@desk as app, in 12 ms",
      "changed       0002_b  2026-11-23 10:00:00  by ann@desk as app, in 12 ms",
      "out-of-order  0003_c",
      "missing       0004_d  2026-11-23 10:00:00  by ann@desk as app, in 12 ms",
      // Undone and applied again by node-pg-migrate's own command line: the record is of the first time.
      "applied       0005_e  2026-11-23 10:00:00  by something else: not recorded yet, " +
        "so a change of the file would not be noticed",
      "applied       0006_f  2026-11-23 10:00:00  by something else",
      "pending       0007_g",
    ].join("\n"),
  );
});

it("a file of the sync may be passed by another one of the sync, and not by a person's", () => {
  const refuse = (later: string) =>
    refuseChangedFiles(
      { files: [FILE("0001_follow-add-note"), FILE(later)], applied: [ROW(later)], records: new Map() },
      { direction: "up", acceptChanged: false, checkOrder: true },
    );
  expect(() => refuse("0002_follow-add-price")).not.toThrow();
  expect(() => refuse("0002_price")).toThrow(expect.objectContaining({ code: "MIGRATION_OUT_OF_ORDER" }));
});

describe("the exit code for scripts", () => {
  const CODES = { applied: 0, pending: 3, changed: 4, missing: 4, "out-of-order": 4 } as const;
  for (const [state, code] of Object.entries(CODES))
    it(`is ${code} where one is ${state}`, () =>
      expect(migrationsExitCode([{ state: "applied" }, { state: state as keyof typeof CODES }])).toBe(code));
  it("is that of the worst state", () =>
    expect(migrationsExitCode([{ state: "pending" }, { state: "changed" }])).toBe(4));
});

const DEFAULTS = {
  checkOrder: true,
  createSchema: false,
  fake: false,
  lock: true,
  singleTransaction: true,
  verbose: false,
};

it("the command line's options are parsed, and refused if invalid", () => {
  expect(migrateOptions({ wait: "10m", lockTimeout: "500ms", lockAttempts: "3", acceptChanged: true }, ["2"])).toEqual({
    count: 2,
    waitMs: 600_000,
    lockTimeoutMs: 500,
    lockAttempts: 3,
    acceptChanged: true,
    ...DEFAULTS,
  });
  expect(migrateOptions({ wait: false }, [])).toEqual({ waitMs: 0, acceptChanged: false, ...DEFAULTS });
  for (const options of [{ wait: "soon" }, { lockTimeout: "0" }, { lockAttempts: "none" }])
    expect(() => migrateOptions(options, [])).toThrow(/takes a/);
});

describe("how far", () => {
  const GIVEN: Readonly<Record<string, object>> = {
    "2": { count: 2 },
    "999": { count: 999 },
    "0003": { to: "0003" },
    "1700000000000": { to: "1700000000000" },
    "0003_price": { to: "0003_price" },
    all: { count: Number.MAX_SAFE_INTEGER },
  };
  for (const [given, meant] of Object.entries(GIVEN))
    it(`${given} means ${JSON.stringify(meant)}`, () => expect(howFar(given)).toEqual(meant));
});

it("a beginning of many names is told with three of them", () => {
  const files = Array.from({ length: 1_000 }, (_, index) => FILE(`${10_000 + index}_step`));
  expect(() => chooseUp({ files, applied: [], records: new Map() }, { to: "1" })).toThrow(
    /^1 may be 10000_step or 10001_step or 10002_step, or one of 997 others$/,
  );
});
