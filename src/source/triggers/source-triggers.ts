import { PREFIX } from "../../model/change-log.ts";
import { sqliteName } from "../../quote.ts";
import { spaced } from "../../sqlite-sql/parse.ts";
import { readSchemaVersion } from "../schema-version.ts";
import type { Source, SourceReader, SourceWriter } from "../source.ts";
import { inSlices, SCHEMA_CHANGED, type SliceOptions } from "./schema-slices.ts";

/** One trigger of ours in the source. */
export interface OwnTrigger {
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

/** Of a LIKE, for the names of all objects of ours. */
const OUR_NAMES = `'${PREFIX.replaceAll("_", "\\_")}%' ESCAPE '\\'`;

/** Rows of sqlite_schema for one statement: about a millisecond's work. */
const ROWS_AT_ONCE = 200;
/** Text that is parsed in one snapshot. SQLite copies what is left of it for each statement. */
const PARSED_CHARACTERS = 64_000;
/** So often others may change the schema meanwhile; then CREATE TRIGGER does it, which takes longer. */
const ATTEMPTS = 20;

/**
 * Brings triggers into the source: what is missing is made, what has another text is made again. The transactions are
 * so short that no writer waits noticeably.
 *
 * CREATE TRIGGER reads the whole schema each time: 0.3 s for 1,000 tables, half an hour for 10,000. So their rows are
 * written into sqlite_schema, as CREATE TRIGGER does. Each text was parsed by SQLite before, in a snapshot of the same
 * schema version, and a slice refuses another version: no text gets in that SQLite would not take.
 */
export async function createSourceTriggers(
  source: Source,
  triggers: readonly OwnTrigger[],
  options: SliceOptions = {},
): Promise<void> {
  // What a server made of these is as it has them: sqld keeps what its parser writes, and not what it was sent.
  const remade = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    const { changed: unlike, missing } = await compare(source, triggers);
    const changed = source.kind === "file" ? unlike : unlike.filter((name) => !remade.has(name));
    for (const name of changed) remade.add(name);
    if (changed.length > 0) await dropSourceTriggers(source, changed, options);
    else if (missing.length === 0) return;
    else if (source.kind === "remote" || attempt > ATTEMPTS) await createOneByOne(source, missing, options);
    else await writeRows(source, missing, options);
  }
}

/** Throws if SQLite would not take one of those that are missing. Nothing is written, and no lock taken. */
export async function trySourceTriggers(source: Source, triggers: readonly OwnTrigger[]): Promise<void> {
  await parse(source, (await compare(source, triggers)).missing);
}

/** Drops triggers of ours, in short transactions too. Those that are gone already are no error. */
export async function dropSourceTriggers(
  source: Source,
  names: readonly string[],
  options: SliceOptions = {},
): Promise<void> {
  const wanted = new Set(names);
  for (;;) {
    const present = (await source.read(presentTriggers)).filter(({ name }) => wanted.has(name));
    if (present.length === 0) return;
    if (source.kind === "remote")
      await inSlices(source, present, {
        ...options,
        atOnce: 1,
        change: (tx, [trigger]) => tx.run(`DROP TRIGGER IF EXISTS ${sqliteName(trigger?.name ?? "")}`),
      });
    else await inSlices(source, present, { ...options, atOnce: ROWS_AT_ONCE, change: deleteRows, isDirect: true });
  }
}

interface PresentTrigger {
  readonly rowid: number;
  readonly name: string;
  readonly sql: string;
}

async function presentTriggers(tx: SourceReader): Promise<PresentTrigger[]> {
  const rows = await tx.rows(
    `SELECT rowid, name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${OUR_NAMES} ORDER BY rowid`,
  );
  return rows.map(([rowid, name, sql]) => ({ rowid: Number(rowid), name: String(name), sql: String(sql) }));
}

async function compare(
  source: Source,
  triggers: readonly OwnTrigger[],
): Promise<{ readonly missing: readonly OwnTrigger[]; readonly changed: readonly string[] }> {
  const present = new Map((await source.read(presentTriggers)).map(({ name, sql }) => [name, sql]));
  const isSame = (one: string, other: string | undefined) =>
    one === other || (source.kind !== "file" && other !== undefined && spaced(one) === spaced(other));
  return {
    missing: triggers.filter(({ name }) => !present.has(name)),
    changed: triggers
      .filter(({ name, sql }) => present.has(name) && !isSame(sql, present.get(name)))
      .map(({ name }) => name),
  };
}

/** Ends early where others change the schema meanwhile; the caller looks again. */
async function writeRows(source: Source, triggers: readonly OwnTrigger[], options: SliceOptions): Promise<void> {
  const version = await parse(source, triggers);
  if (version !== SCHEMA_CHANGED)
    await inSlices(source, triggers, { ...options, atOnce: ROWS_AT_ONCE, change: insertRows, isDirect: true, version });
}

/** SQLite parses and checks each statement without running it. Returns the schema version of all of that. */
async function parse(source: Source, triggers: readonly OwnTrigger[]): Promise<number | typeof SCHEMA_CHANGED> {
  let version: number | null = null;
  for (let from = 0; from < triggers.length; ) {
    const some = firstOf(triggers, from);
    from += some.length;
    const seen = await source.read(async (tx) => {
      await tx.script(some.map(({ sql }) => `EXPLAIN ${sql}`).join(";\n"));
      return readSchemaVersion(tx);
    });
    if (version !== null && seen !== version) return SCHEMA_CHANGED;
    version = seen;
  }
  return version ?? SCHEMA_CHANGED;
}

function firstOf(triggers: readonly OwnTrigger[], from: number): readonly OwnTrigger[] {
  let to = from + 1;
  for (let length = 0; to < triggers.length && length < PARSED_CHARACTERS; to++)
    length += triggers[to]?.sql.length ?? 0;
  return triggers.slice(from, to);
}

function insertRows(tx: SourceWriter, triggers: readonly OwnTrigger[]): Promise<void> {
  return tx.run(
    "INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) " +
      "SELECT 'trigger', value ->> 0, value ->> 1, 0, value ->> 2 FROM json_each(?)",
    [JSON.stringify(triggers.map(({ name, sql, table }) => [name, table, sql]))],
  );
}

function deleteRows(tx: SourceWriter, triggers: readonly PresentTrigger[]): Promise<void> {
  return tx.run(
    "DELETE FROM sqlite_schema WHERE rowid IN (SELECT value FROM json_each(?)) AND type = 'trigger' AND name " +
      `LIKE ${OUR_NAMES}`,
    [JSON.stringify(triggers.map(({ rowid }) => rowid))],
  );
}

function createOneByOne(source: Source, triggers: readonly OwnTrigger[], options: SliceOptions): Promise<void> {
  return inSlices(source, triggers, {
    ...options,
    atOnce: 1,
    change: (tx, [trigger]) => tx.run(trigger?.sql ?? ""),
  });
}
