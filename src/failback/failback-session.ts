import { readSchemaState, type SchemaState } from "../capture/schema-state.ts";
import { DriftError, RefusedError } from "../errors.ts";
import { readSchema } from "../inspect/read-schema.ts";
import { triggerEffects } from "../inspect/trigger-writes.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import type { SourceSchema } from "../model/source-schema.ts";
import type { Context } from "../run/context.ts";
import { isFenceSealed } from "../source/fence/fence.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { FailbackLog } from "../verify/verify-options.ts";
import { logName } from "./capture/render-enabling.ts";
import { lockAgainstTruncate, loggedKeys } from "./capture/target-changes.ts";
import { type FailbackTable, failbackTable } from "./failback-table.ts";
import { findSourceRows } from "./find-source-rows.ts";
import { judge, lossOf } from "./judge-value.ts";
import { learnFormats } from "./learn-formats.ts";
import { ValueLosses } from "./value-losses.ts";

/** The failback as one session goes it: the tables as both sides know them, and its watch for drift. */
export interface FailbackSession {
  readonly run: Run;
  readonly session: TargetSession;
  readonly tables: readonly FailbackTable[];
  /** Values that the source holds in part, or not at all: what a return asks about. */
  readonly losses: ValueLosses;
  readonly checkSource: (tx: SourceReader) => Promise<void>;
  readonly onSchemaChange: (tx: SourceReader) => Promise<void>;
}

export async function openFailback(context: Context, session: TargetSession, run: Run): Promise<FailbackSession> {
  refuseServer(context);
  const schema = await context.source.read(readSchema);
  const tables: FailbackTable[] = [];
  for (const mapping of run.mappings) {
    const table = schema.tables.find(({ name }) => name === mapping.source);
    if (table === undefined) throw changedBehindFence([mapping.source]);
    tables.push(failbackTable(mapping, table, silencedTriggers(schema, mapping.source, run.mappings)));
  }
  await learnFormats(context.source, tables);
  return { run, session, tables, losses: new ValueLosses(), ...watchSource(run) };
}

/** A libSQL server keeps no transaction open for long, and takes no pragma. */
function refuseServer(context: Context): void {
  if (context.source.kind === "file") return;
  throw new RefusedError({
    code: "NO_FAILBACK",
    message: "the source is a libSQL server: changes cannot go back to one",
    hint: "`changeover complete` ends the run",
  });
}

/**
 * The application's triggers that must not fire for rows that come back: what they did, PostgreSQL's rows have, or are
 * not to have. One that only keeps tables which did not move (a full-text index, say) does fire: nothing else would.
 */
function silencedTriggers(schema: SourceSchema, table: string, mappings: readonly TableMapping[]): string[] {
  const moved = new Set(mappings.map(({ source }) => source.toLowerCase()));
  return schema.triggers
    .filter((trigger) => trigger.table.toLowerCase() === table.toLowerCase())
    .filter(({ sql }) => {
      const { writes, raises } = triggerEffects(sql);
      return raises || writes.length === 0 || writes.some((written) => moved.has(written.toLowerCase()));
    })
    .map(({ name }) => name);
}

/** The source as it was fenced: nobody else writes there, and its tables are what they were. */
function watchSource(run: Run): Pick<FailbackSession, "checkSource" | "onSchemaChange"> {
  let known: number | null = null;
  return {
    async checkSource(tx) {
      if (!(await isFenceSealed(tx))) throw unfenced();
      const version = await readSchemaVersion(tx);
      if (version === known) return;
      const now = await readSchemaState(tx);
      const changed = changedTables(run.sourceSchema, now, run.mappings);
      if (changed.length > 0) throw changedBehindFence(changed);
      known = version;
    },
    async onSchemaChange(tx) {
      known = await readSchemaVersion(tx);
    },
  };
}

function changedTables(captured: SchemaState | null, now: SchemaState, mappings: readonly TableMapping[]): string[] {
  return mappings
    .map(({ source }) => source)
    .filter((table) => {
      const [before, after] = [captured?.tables[table], now.tables[table]];
      return (
        before?.definition !== after?.definition ||
        before?.triggers !== after?.triggers ||
        before?.capture !== after?.capture
      );
    });
}

function unfenced(): RefusedError {
  return new RefusedError({
    code: "SOURCE_UNFENCED",
    message:
      "the fence of the source is gone: somebody may have written there since the cutover, so nothing is brought back",
    hint: "`changeover complete` ends the run; what the application wrote to PostgreSQL is all there",
  });
}

function changedBehindFence(tables: readonly string[]): DriftError {
  return new DriftError({
    code: "SCHEMA_DRIFT",
    message: `the source's schema changed since the cutover: table ${tables.join(", ")}`,
    hint:
      "undo the schema change, then run the same command again; `changeover complete` ends the run " +
      "without a failback",
    context: { tables },
  });
}

/**
 * What verification needs to know of changes that the failback has not applied yet; it tells of the values that the
 * source cannot hold.
 */
export function failbackLog(
  { losses, tables }: Pick<FailbackSession, "losses" | "tables">,
  context: Context,
): FailbackLog {
  const tableOf = (mapping: TableMapping): FailbackTable => {
    const table = tables.find((candidate) => candidate.mapping.id === mapping.id);
    if (table === undefined) throw new RangeError(`${mapping.source} is not on its failback`);
    return table;
  };
  return {
    log: (mapping) => logName(context.target, mapping),
    lock: (tx, mapping) => lockAgainstTruncate(tx, [mapping]),
    async countInSource(tx: TargetTransaction, mapping) {
      const keys = await loggedKeys(tx, mapping);
      return (await context.source.read((source) => findSourceRows(source, tableOf(mapping), keys))).size;
    },
    excuse: (mapping) => {
      const table = tableOf(mapping);
      return (index, raw, targetText, key) => {
        const column = table.columns[index];
        const judged = column === undefined ? null : judge(column, raw, targetText);
        if (column !== undefined && judged !== null) losses.note({ ...lossOf(table, column, judged), key });
        return judged !== null;
      };
    },
  };
}
