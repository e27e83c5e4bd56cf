import { InterruptedError } from "../errors.ts";
import type { KeyValue, Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { bindKey, tupleOf } from "../rows/bind-key.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { PageSize } from "../rows/page-size.ts";
import { allowFullScans } from "../target/planner.ts";
import { stateOf } from "../target/state-schema.ts";
import type { TargetTransaction } from "../target/target.ts";
import type { CountOptions } from "./count-extras.ts";
import { isLogged } from "./look-up.ts";
import { type CountQueries, renderCountQueries } from "./render-count-queries.ts";

export interface Extras {
  /** Rows that only the target has, and whose keys were not logged since its watermark. */
  readonly rows: number;
  /** The first of their keys. */
  readonly keys: readonly Tuple[];
}

export interface FindExtrasOptions extends CountOptions {
  /** At most so many keys are named. */
  readonly named: number;
  /** Deletes them, in a transaction that nobody else writes next to. */
  readonly remove?: boolean;
}

const FIRST_PAGE = 5_000;
const MAX_ROWS = 200_000;

/** Names the rows that only the target has. All keys of the source are sent, so a count comes first. */
export function findExtras(options: FindExtrasOptions): Promise<Extras> {
  const { mapping, named, remove, run, session, failback } = options;
  const target = pgTable(mapping.target);
  const keys = keyColumns(mapping);
  const names = keys.map((key) => pgName(key.target));
  const known = `pg_temp.${pgName(`_changeover_known_${mapping.id}`)}`;
  const returning = failback === undefined ? "" : ` and not ${isLogged(mapping, failback.log(mapping), "t")}`;
  const unknown =
    `from ${target} as t where not exists (select from ${known} as k ` +
    `where ${names.map((name) => `k.${name} = t.${name}`).join(" and ")})${returning}`;
  return session.transaction(
    async (tx) => {
      await failback?.lock(tx, mapping);
      await allowFullScans(tx);
      const [seen] = await tx.rows<{ watermark: string; rows: string }>(
        `select (select watermark from ${stateOf(tx)}.run where id = $1)::text as watermark, ` +
          `count(*)::text as rows from ${target}`,
        [run],
      );
      await tx.run(
        `create temporary table ${known.replace("pg_temp.", "")} on commit drop as select ${names.join(", ")} ` +
          `from ${target} with no data`,
      );
      await sendKeys(tx, options, known, BigInt(seen?.watermark ?? 0));
      await tx.run(`analyze ${known}`);
      const found = await tx.rows<Record<string, string | null>>(
        `select ${names.map((name, index) => `t.${name}::text as k${index}`).join(", ")} ${unknown} limit ${named}`,
      );
      const [counted] = await tx.rows<{ rows: string }>(`select count(*)::text as rows ${unknown}`);
      if (remove === true && found.length > 0) await tx.run(`delete ${unknown}`);
      return {
        rows: Number(counted?.rows ?? 0),
        keys: found.map((row) => keys.map((key, index) => keyValue(key, row[`k${index}`] ?? null))),
      };
    },
    { isolation: "repeatable read" },
  );
}

/**
 * The source's keys, page by page, and those logged since the watermark: in either case a row of the target is
 * accounted for.
 */
async function sendKeys(
  tx: TargetTransaction,
  options: FindExtrasOptions,
  known: string,
  watermark: bigint,
): Promise<void> {
  const { captured, mapping, rest, signal, source } = options;
  const queries: CountQueries = renderCountQueries(mapping);
  const size = new PageSize({ first: FIRST_PAGE, max: MAX_ROWS });
  const send = async (lines: unknown) => {
    if (lines == null) return;
    const copy = await tx.copyIn(`copy ${known} from stdin`);
    await copy.write(asUtf8(lines as ArrayBuffer, mapping));
    await copy.finish();
  };
  for (let after: Tuple | null = null, more = true; more; ) {
    if (signal?.aborted === true) throw new InterruptedError();
    const bound = after === null ? null : bindKey(after);
    const started = performance.now();
    const page = await source.read(async (reader) => {
      const limit = BigInt(size.rows);
      const [lines] = await reader.rows(queries.keys(bound?.expressions ?? null), [...(bound?.args ?? []), limit]);
      const [end] = await reader.rows(queries.boundary(bound?.expressions ?? null), [
        ...(bound?.args ?? []),
        limit - 1n,
      ]);
      return {
        lines: lines?.[0],
        rows: Number(lines?.[1] ?? 0),
        end: end === undefined ? null : tupleOf(end, 0, keyColumns(mapping).length),
      };
    });
    const durationMs = performance.now() - started;
    size.learn({ rows: page.rows, durationMs });
    await send(page.lines);
    after = page.end;
    more = after !== null;
    await rest?.({ rows: 0, durationMs });
  }
  if (!captured) return;
  const logged = await source.read(async (reader) =>
    reader.rows(queries.pending(null, null), [watermark, await lastLogged(reader)]),
  );
  await send(logged[0]?.[0]);
}

/** PostgreSQL's text of a key as the value that SQLite would hold: for naming it. */
function keyValue({ conversion }: KeyColumn, text: string | null): KeyValue {
  if (text === null) return { type: "null" };
  switch (conversion.kind) {
    case "integer":
      return { type: "integer", value: text };
    case "double":
      return { type: "real", value: Number(text) };
    case "bytes":
      return { type: "blob", hex: text.replace(/^\\x/, "") };
    default:
      return { type: "text", hex: Buffer.from(text, "utf8").toString("hex") };
  }
}
