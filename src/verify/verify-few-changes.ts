import { LOG_TABLE } from "../model/change-log.ts";
import type { TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { lastLogged } from "../rows/log-entries.ts";
import type { SourceReader } from "../source/source.ts";
import { lookUpOf } from "./look-up.ts";
import type { RawPage } from "./raw-pages.ts";
import { readNear } from "./row-comparison.ts";
import { TableVerifier } from "./table-verifier.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";
import type { Verification } from "./verify-run.ts";
import { watermarkOf } from "./watermark.ts";

/** Entries of the log, and tables, that one snapshot of each side takes in. */
const FEW_ENTRIES = 2_000n;
const FEW_TABLES = 100;

/**
 * Compares the rows whose keys were logged after `after` in one snapshot of each side, where they are few. That takes
 * two round trips, however many tables they are of. Null where they are many, or some are large.
 */
export async function verifyFewChanges(
  options: VerifyOptions,
  mappings: readonly TableMapping[],
  after: bigint,
): Promise<Verification | null> {
  const { failback, rest, session } = options;
  if (failback !== undefined) return null;
  const lookUp = lookUpOf(session);
  await lookUp.begin();
  const compared = await session.transaction(
    async (tx) => {
      const through = await watermarkOf(tx, options);
      const found = await readNear(options, through, (reader, watermark) =>
        readFew(reader, options, { mappings, after, watermark }),
      );
      if (found === null || found === "behind") return null;
      const { durationMs, pages } = found;
      await lookUp.prepare(pages.map(({ mapping }) => mapping));
      const work = pages.map(
        ({ page, verifier }) =>
          () =>
            verifier.compareLogged(tx, page),
      );
      const isPlain = pages.every(
        ({ mapping, page }) => page.rows === 0 || lookUp.takesText(asUtf8(page.lines, mapping)),
      );
      const tables = isPlain ? await Promise.all(work.map((compare) => compare())) : await inTurn(work);
      return { through, tables, durationMs };
    },
    { isolation: "repeatable read", endsUnheard: true },
  );
  if (compared === null) return null;
  const { durationMs, tables, through } = compared;
  await rest?.({ rows: tables.reduce((sum, { rows }) => sum + rows, 0), durationMs });
  const byId = new Map(tables.map((table) => [table.mapping.id, table]));
  return { through, tables: mappings.map((mapping) => byId.get(mapping.id) ?? unchanged(mapping)) };
}

/** Of a table of which nothing was to be compared. */
export function unchanged(mapping: TableMapping): TableVerification {
  return { mapping, rows: 0, differences: [], more: 0, pending: 0, quarantineRows: 0 };
}

interface FewChanges {
  readonly pages: readonly {
    readonly mapping: TableMapping;
    readonly verifier: TableVerifier;
    readonly page: RawPage;
  }[];
  readonly durationMs: number;
}

async function readFew(
  tx: SourceReader,
  options: VerifyOptions,
  { after, mappings, watermark }: { mappings: readonly TableMapping[]; after: bigint; watermark: bigint },
): Promise<FewChanges | null> {
  const last = await lastLogged(tx);
  if (last - after > FEW_ENTRIES) return null;
  const ids = await tx.rows(`SELECT DISTINCT tbl FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ?`, [
    after,
    last,
  ]);
  const changed = new Set(ids.map(([id]) => Number(id)));
  const some = mappings.filter(({ id }) => changed.has(id));
  if (some.length > FEW_TABLES) return null;
  // Asked together, which at a server is two round trips.
  const read = some.map(async (mapping) => {
    const verifier = new TableVerifier(options, mapping);
    const page = await verifier.readLogged(tx, { after, last }, watermark);
    return page === null ? null : { mapping, verifier, page };
  });
  const pages = (await Promise.all(read)).filter((page) => page !== null);
  if (pages.length < some.length) return null;
  return { pages, durationMs: 0 };
}

async function inTurn<T>(work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const each of work) results.push(await each());
  return results;
}
