import type { Tuple } from "../model/key.ts";
import { copiedColumns, keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { bindKey } from "../rows/bind-key.ts";
import { quarantineRejectedRows, type RowToQuarantine } from "../rows/quarantine-rows.ts";
import type { Source } from "../source/source.ts";
import { attemptRows } from "../target/attempt-rows.ts";
import { copyLines } from "../target/copy-lines.ts";
import { clearQuarantine } from "../target/store/quarantine-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { renderPageQueries } from "./render-page.ts";

export interface RetryRows {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly mapping: TableMapping;
  readonly rows: readonly {
    readonly key: Tuple;
    readonly what: "row" | "value";
    readonly columns: readonly string[];
  }[];
  /** After the cutover a table without a key has no column for its rowid any more. */
  readonly rowidDropped: boolean;
}

/**
 * Tries rows of the quarantine again, one by one, while nothing replays: a row that was left out is inserted, a value
 * that became NULL is put in its place if that is still NULL. What does not pass stays noted, with the present reason.
 */
export async function retryRows(options: RetryRows): Promise<void> {
  const { mapping, session, source, run } = options;
  const waiting = waitingTable(options);
  await session.transaction(async (tx) => {
    await tx.run(waiting.create);
    for (const row of options.rows) {
      const quarantined = await retryRow(tx, options, waiting, row);
      if (quarantined === null) await clearQuarantine(tx, { run, mapping }, [row.key]);
      else await quarantineRejectedRows(source, tx, { run, mapping }, [quarantined]);
      await tx.run(`delete from ${waiting.name}`);
    }
  });
}

async function retryRow(
  tx: TargetTransaction,
  { mapping, source, rowidDropped }: RetryRows,
  waiting: WaitingTable,
  { key, what, columns }: RetryRows["rows"][number],
): Promise<RowToQuarantine | null> {
  const bound = bindKey(key);
  const [found] = await source.read((reader) =>
    reader.rows(renderPageQueries(mapping).one(bound.expressions), bound.args),
  );
  const [text, rows, refused, , , quarantined] = found ?? [];
  // Gone from the source: there is nothing to bring any more.
  if (Number(rows ?? 0) === 0) return null;
  if (quarantined != null || Number(refused ?? 0) > 0) return { key, what: "row", rejections: [] };
  const line = asUtf8(text as ArrayBuffer, mapping);
  const shortened = rowidDropped && mapping.identity.kind === "rowid" ? line.subarray(line.indexOf(0x09) + 1) : line;
  const [answer] = await copyLines(tx, {
    mapping,
    statement: waiting.copy,
    text: shortened,
    fieldOf: ({ target }) => waiting.columns.indexOf(target),
  });
  if (answer?.what === "row") return { key, what, rejections: [answer.rejection] };
  const statement = what === "row" ? waiting.insert : waiting.fill(columns);
  const rejection = await attemptRows(tx, { mapping, work: () => tx.run(statement) });
  if (rejection !== null) return { key, what, rejections: [rejection] };
  return answer === undefined ? null : { key, what: "value", rejections: answer.rejections };
}

interface WaitingTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly create: string;
  readonly copy: string;
  readonly insert: string;
  /** Puts the values of these source columns where the target has NULL. */
  fill(columns: readonly string[]): string;
}

function waitingTable({ mapping, rowidDropped }: RetryRows): WaitingTable {
  const columns = (rowidDropped ? mapping.columns : copiedColumns(mapping)).map(({ target }) => target);
  const name = `pg_temp.${pgName(`_changeover_retry_${mapping.id}`)}`;
  const list = columns.map(pgName).join(", ");
  const target = pgTable(mapping.target);
  const same = keyColumns(mapping)
    .map((key) => `t.${pgName(key.target)} = l.${pgName(key.target)}`)
    .join(" and ");
  return {
    name,
    columns,
    create: `create temporary table ${name} on commit drop as select ${list} from ${target} with no data`,
    copy: `copy ${name} (${list}) from stdin`,
    insert: `insert into ${target} (${list}) overriding system value select ${list} from ${name}`,
    fill(sources) {
      const nulled = mapping.columns
        .filter(({ source }) => sources.includes(source))
        .map((column) => pgName(column.target));
      return (
        `update ${target} as t set ` +
        `${nulled.map((column) => `${column} = coalesce(t.${column}, l.${column})`).join(", ")} from ${name} as ` +
        `l where ${same}`
      );
    },
  };
}
