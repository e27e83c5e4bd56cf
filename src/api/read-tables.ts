import { pgTable } from "../quote.ts";
import type { Context } from "../run/context.ts";
import { withSession } from "../run/context.ts";
import { sql } from "../sql.ts";
import { loadRun } from "../target/store/run-store.ts";
import { loadTables } from "../target/store/table-store.ts";

/** One table of a run: where it goes, as what, and how far it is. */
export interface RunTable {
  /** The table in the source. */
  readonly source: string;
  /** The table in the target, with its schema. */
  readonly target: { readonly schema: string; readonly name: string };
  /** Rows in the source when the run began. */
  readonly rows: number;
  /** Rows copied so far. */
  readonly copied: number;
  /** Whether its copy has ended. */
  readonly done: boolean;
  /** Size in the target with indexes, in bytes; null if the table is not there. */
  readonly bytes: number | null;
  /** The columns that are copied. */
  readonly columns: readonly RunColumn[];
}

/** One column of a table of the run. */
export interface RunColumn {
  /** Its name in the source. */
  readonly source: string;
  /** Its name in the target. */
  readonly target: string;
  /** PostgreSQL's type; null if the table is not there. */
  readonly type: string | null;
  /** The expression of a rule that stands for the column; null without one. */
  readonly expression: string | null;
}

/** The tables of the run; empty without a run. */
export function readTables(context: Context): Promise<RunTable[]> {
  return withSession(context, async (session) => {
    const run = await loadRun(session);
    if (run === null) return [];
    const states = new Map((await loadTables(session, run.id)).map((state) => [state.id, state]));
    const found = await session.rows<{ bytes: string | null; types: string | null }>(sql("target/run-tables"), [
      run.mappings.map(({ target }) => pgTable(target)),
    ]);
    return run.mappings.map(({ columns, id, source, target }, index) => {
      const state = states.get(id);
      const { bytes = null, types = null } = found[index] ?? {};
      const typeOf = types === null ? {} : (JSON.parse(types) as Record<string, string>);
      return {
        source,
        target,
        rows: state?.rows ?? 0,
        copied: state?.copied ?? 0,
        done: state?.done === true,
        bytes: bytes === null ? null : Number(bytes),
        columns: columns.map((column) => ({
          source: column.source,
          target: column.target,
          type: typeOf[column.target] ?? null,
          expression: column.expression ?? null,
        })),
      };
    });
  });
}
