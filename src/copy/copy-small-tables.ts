import type { TableMapping } from "../model/mapping.ts";
import type { TableState } from "../model/run.ts";
import { pgTable } from "../quote.ts";
import type { Source } from "../source/source.ts";
import { rejectionOf } from "../target/row-rejection.ts";
import { finishTables } from "../target/store/table-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { copyStatement } from "./copy-statement.ts";
import type { Page } from "./page.ts";
import { PageLimits } from "./page-limits.ts";
import { isAnswerTooLarge, readPage } from "./read-page.ts";
import { renderInsert } from "./render-insert.ts";
import { renderPageQueries } from "./render-page.ts";

/** A table that has not been begun, and that is not expected to have more rows than one page. */
export interface SmallTable {
  readonly mapping: TableMapping;
  readonly state: TableState;
}

export interface SmallTablesOptions {
  readonly run: string;
  readonly tables: readonly SmallTable[];
  readonly onRows: (rows: number, bytes: number) => void;
  readonly rest?: (read: { readonly rows: number; readonly durationMs: number }) => Promise<unknown>;
}

/** Rows that one snapshot takes in of each of several tables. */
const FEW_ROWS = 200;

export function isSmall({ mapping, state }: SmallTable): boolean {
  return mapping.quarantine !== true && state.position === null && state.copied === 0 && state.rows <= FEW_ROWS;
}

/**
 * Copies tables of a few rows together, in one snapshot and one transaction: with thousands of them beginning and
 * committing is most of the work. Returns those that are done; what is out of the ordinary about others, copying them
 * one by one finds out and says.
 */
export async function copySmallTables(
  source: Source,
  session: TargetSession,
  { onRows, rest, run, tables }: SmallTablesOptions,
): Promise<readonly number[]> {
  const started = performance.now();
  // At a server all first questions go there together.
  const reading = source.read((tx) =>
    Promise.all(
      tables.map(async ({ mapping }) => ({
        mapping,
        page: await readPage(
          { kind: source.kind, read: (work) => work(tx) },
          renderPageQueries(mapping),
          mapping,
          null,
          new PageLimits({ maxRows: 2 * FEW_ROWS, of: source, asText: true }),
        ),
      })),
    ),
  );
  const read = await reading.catch((error: unknown) => {
    if (isAnswerTooLarge(error)) return null;
    throw error;
  });
  if (read === null) return [];
  const durationMs = performance.now() - started;
  const complete = read.filter(({ page }) => page === null || (page.isLast && page.refused === 0));
  try {
    await session.transaction(
      async (tx) => {
        const inserts: string[] = [];
        const ruled = await withRules(
          tx,
          complete.map(({ mapping }) => mapping),
        );
        for (const { mapping, page } of complete) {
          if (page === null) continue;
          const insert = ruled.has(mapping.id) ? null : renderInsert(mapping, page.data);
          if (insert === null) await copyPage(tx, mapping, page);
          else inserts.push(insert);
        }
        if (inserts.length > 0) await tx.run(inserts.join(";\n"));
        await finishTables(
          tx,
          run,
          complete.map(({ mapping, page }) => ({ id: mapping.id, copied: page?.rows ?? 0 })),
        );
      },
      { isDurable: false },
    );
  } catch (error) {
    // Of which table it is, and of which row, is found out one by one.
    if (complete.every(({ mapping }) => rejectionOf(error, mapping) === null)) throw error;
    return [];
  }
  const rows = complete.reduce((sum, { page }) => sum + (page?.rows ?? 0), 0);
  onRows(rows, 0);
  await rest?.({ rows, durationMs });
  return complete.map(({ mapping }) => mapping.id);
}

async function copyPage(tx: TargetTransaction, mapping: TableMapping, page: Page): Promise<void> {
  const copy = await tx.copyIn(copyStatement(mapping, page.format));
  await copy.write(page.data);
  await copy.finish();
}

/** Tables with rules, which say something else for an INSERT, and nothing for a COPY. */
async function withRules(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<ReadonlySet<number>> {
  const found = await tx.rows<{ place: string }>(
    "select t.place::text from unnest($1::text[]) with ordinality as t(name, place) " +
      "join pg_class as c on c.oid = to_regclass(t.name) where c.relhasrules",
    [mappings.map(({ target }) => pgTable(target))],
  );
  return new Set(found.flatMap(({ place }) => mappings[Number(place) - 1]?.id ?? []));
}
