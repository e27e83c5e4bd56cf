import { join } from "node:path";
import { ChangeoverError } from "../../src/errors.ts";
import { type Migration, openMigration } from "../../src/migration.ts";
import type { Finding } from "../../src/model/proposal.ts";
import { mergeRules, type Rules, rulesOfColumn, rulesOfTable } from "../../src/model/rules.ts";
import { compareTable, showNoted } from "./compare.ts";
import type { ExpectedEntry, ExpectedFinding, TortureCase } from "./parse-case.ts";
import {
  askTarget,
  type LedgerEntry,
  openPostgres,
  type PostgresDatabase,
  readLedger,
  readTarget,
  targetTables,
} from "./postgres-side.ts";
import { makeDatabase, quoted, readSource, type SqliteDatabase, sourceSchema, sourceTables } from "./sqlite-side.ts";

export interface Place {
  /** An empty folder. */
  readonly folder: string;
  /** URL of an empty database. */
  readonly target: string;
  readonly types: "plain" | "enhanced";
}

// A case that never ends must not take the others with it.
const LONGEST_MS = 50_000;
// Cases run several at once in one process, and hold each other up.
const MAX_DOWNTIME_MS = 30_000;

/** Takes a case through a whole migration; what did not come out as the case says, one line each. */
export async function runCase(torture: TortureCase, place: Place): Promise<string[]> {
  const path = join(place.folder, "app.db");
  const database = makeDatabase(path, torture.sql);
  const target = openPostgres(place.target);
  try {
    if (torture.before !== "") await target.unsafe(torture.before);
    const schema = sourceSchema(database);
    const signal = AbortSignal.timeout(LONGEST_MS);
    const open = (rules: Rules) =>
      openMigration({
        source: path,
        target: place.target,
        types: place.types,
        names: torture.names,
        rules,
        migrationsDirectory: join(place.folder, "migrations"),
        signal,
      });
    const wrong = await journey({ torture, database, target, open });
    if (sourceSchema(database) !== schema) wrong.push("the application's own schema was changed");
    return wrong;
  } finally {
    await target.end();
    database.close();
  }
}

interface Stage {
  readonly torture: TortureCase;
  readonly database: SqliteDatabase;
  readonly target: PostgresDatabase;
  readonly open: (rules: Rules) => Migration;
}

async function journey(stage: Stage): Promise<string[]> {
  const { torture, open } = stage;
  const { expect } = torture;
  const given = torture.rules === "suggested" ? {} : torture.rules;
  if (expect.kind !== "rule" && torture.findings.length === 0)
    return expect.kind === "stopped" ? stopsWith(stage, given, expect) : travel(stage, given);
  const unruled = await using(open(expect.kind === "rule" ? {} : given), (migration) => migration.validate()).catch(
    asFailure,
  );
  if (unruled instanceof Error && expect.kind !== "stopped") return [`validate failed: ${described(unruled)}`];
  const findings = unruled instanceof Error ? [] : unruled.findings;
  const wrong = torture.findings
    .filter((wanted) => !findings.some((finding) => isFound(wanted, finding)))
    .map(({ codes, where }) => `no finding ${codes.join("|")} ${where ?? ""} among ${named(findings)}`);
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  switch (expect.kind) {
    case "stopped":
      return [...wrong, ...(await stopsWith(stage, given, expect))];
    case "rule":
      if (!blocking.some(({ code }) => expect.codes.includes(code)))
        wrong.push(`not blocked by ${expect.codes.join("|")} but by ${named(blocking)}`);
      break;
    case "arrives":
    case "quarantined":
      if (blocking.length > 0) wrong.push(`blocked by ${named(blocking)}`);
  }
  const rules =
    torture.rules === "suggested"
      ? blocking.reduce<Rules>((merged, finding) => mergeRules(merged, finding.rules?.[0]?.rules ?? {}), {})
      : given;
  return [...wrong, ...(await travel(stage, rules))];
}

/** All the way to the cutover; then both sides are compared. */
async function travel(stage: Stage, rules: Rules): Promise<string[]> {
  const failure = await migrate(stage, rules);
  return failure === null ? compareAll(stage, rules) : [`it stopped: ${described(failure)}`];
}

/** Why there was no cutover; null if there was one. */
async function migrate({ torture, database, open }: Stage, rules: Rules): Promise<Error | null> {
  return using(open(rules), async (migration) => {
    if (torture.during === "") {
      const result = await migration.full({ maxDowntimeMs: MAX_DOWNTIME_MS });
      if (result.kind !== "cutover") return new Error("no cutover");
      await migration.complete();
      return null;
    }
    if (torture.before === "") {
      await migration.schema({ write: true });
      await migration.migrations.up();
    }
    await migration.sync({ until: "caught-up" });
    database.exec(torture.during);
    await migration.cutover({ maxDowntimeMs: MAX_DOWNTIME_MS });
    // With the failback enabled and gone again, nothing of ours is left on the tables.
    await migration.complete();
    return null;
  }).catch(asFailure);
}

async function compareAll({ torture, database, target }: Stage, rules: Rules): Promise<string[]> {
  const ledger = await readLedger(target);
  const wrong = expectedEntries(torture.quarantined, ledger);
  const present = await targetTables(target);
  for (const table of sourceTables(database)) {
    const { exclude, name } = rulesOfTable(rules, table);
    const arrived = name ?? torture.renamed.get(table) ?? table;
    if (exclude === true) continue;
    if (torture.behind.includes(table)) {
      if (present.includes(arrived)) wrong.push(`${table} does not stay behind`);
      continue;
    }
    if (!present.includes(arrived)) {
      wrong.push(`there is no table ${arrived} among ${JSON.stringify(present)}`);
      continue;
    }
    wrong.push(
      ...compareTable({
        source: readSource(database, table, (column) =>
          shape(column, rulesOfColumn(rules, table, column), torture.nulled.get(`${table}.${column}`)),
        ),
        raw: readSource(database, table, (column) => quoted(column)),
        target: await readTarget(target, arrived),
        ledger: ledger.filter((entry) => entry.table === table),
        renamed: (column) => rulesOfColumn(rules, table, column).name ?? torture.renamed.get(`${table}.${column}`),
        wasThere: torture.before !== "",
      }),
    );
  }
  for (const { query, rows } of torture.checks) {
    const got = await askTarget(target, query).then(
      (answer) => answer.map((row) => row.map((value) => value ?? "NULL").join(" | ")),
      (error: unknown) => [String(error)],
    );
    if (JSON.stringify(got) !== JSON.stringify(rows))
      wrong.push(`${query} gives ${got.join(" ; ") || "nothing"}, not ${rows.join(" ; ") || "nothing"}`);
  }
  return wrong;
}

/** What the column's rules make of it, in SQL; null where it stays behind. */
function shape(column: string, rules: ReturnType<typeof rulesOfColumn>, nulled: string | undefined): string | null {
  if (rules.exclude === true) return null;
  const value =
    nulled === undefined
      ? (rules.expression ?? quoted(column))
      : `CASE WHEN ${nulled} THEN NULL ELSE ${rules.expression ?? quoted(column)} END`;
  if (rules.nullAndEmpty === "empty-to-null") return `nullif(${value}, '')`;
  return rules.nullAndEmpty === "null-to-empty" ? `ifnull(${value}, '')` : value;
}

function expectedEntries(expected: readonly ExpectedEntry[], ledger: readonly LedgerEntry[]): string[] {
  const wanted = expected.flatMap(({ table, keys }) => keys.map((key) => `${table} ${key}`)).sort();
  const got = ledger
    .filter(({ what }) => what === "row")
    .map(({ table, key }) => `${table} ${key.map(showNoted).join(", ")}`)
    .sort();
  return JSON.stringify(wanted) === JSON.stringify(got)
    ? []
    : [`in quarantine: ${got.join("; ") || "none"}, not ${wanted.join("; ") || "none"}`];
}

async function stopsWith(
  stage: Stage,
  rules: Rules,
  { codes, table }: { readonly codes: readonly string[]; readonly table: string | null },
): Promise<string[]> {
  const before = await targetTables(stage.target);
  const failure = await migrate(stage, rules);
  if (!(failure instanceof ChangeoverError))
    return [failure === null ? "it was not stopped" : `it failed: ${failure.message}`];
  const found = failure.context["findings"];
  const blocked = failure.code === "BLOCKING_FINDINGS" && Array.isArray(found) ? (found as Finding[]) : [];
  const stopped = [{ code: failure.code, table: failure.context["table"] }, ...blocked];
  const wrong = stopped.some((reason) => codes.includes(reason.code) && (table === null || reason.table === table))
    ? []
    : [`stopped by ${JSON.stringify(stopped.map((reason) => [reason.code, reason.table]))}: ${failure.message}`];
  // What the application writes during the sync may stop it later.
  const after = stage.torture.during === "" ? await targetTables(stage.target) : [];
  if (after.some((name) => name !== "pgmigrations" && !before.includes(name)))
    wrong.push(`it was stopped, and left ${JSON.stringify(after)} in the target`);
  return wrong;
}

function isFound({ codes, where }: ExpectedFinding, { code, table, column }: Finding): boolean {
  return codes.includes(code) && (where === null || where === table || where === `${table}.${column ?? ""}`);
}

function named(findings: readonly Finding[]): string {
  return (
    findings
      .map(({ code, table, column }) => `${code} ${table}${column === undefined ? "" : `.${column}`}`)
      .join(", ") || "none"
  );
}

async function using<T>(migration: Migration, work: (migration: Migration) => Promise<T>): Promise<T> {
  try {
    return await work(migration);
  } finally {
    await migration.close();
  }
}

function described(failure: Error): string {
  return `${failure instanceof ChangeoverError ? `${failure.code}: ` : ""}${failure.message}`;
}

function asFailure(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
