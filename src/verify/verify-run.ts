import type { TableMapping } from "../model/mapping.ts";
import { changedTables, lastLogged } from "../rows/log-entries.ts";
import { compareKeyless } from "./compare-keyless.ts";
import { TableVerifier } from "./table-verifier.ts";
import { unchanged, verifyFewChanges } from "./verify-few-changes.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";
import { verifySmallTables, withSmallTogether } from "./verify-small-tables.ts";
import { watermarkOf } from "./watermark.ts";

export type { TableVerification, VerifyOptions };

export interface Verification {
  /** Everything was compared but for keys logged after this `seq`. */
  readonly through: bigint;
  readonly tables: readonly TableVerification[];
}

/**
 * Compares every row of a table on both sides, while the sync goes on. Each page is read first from a snapshot of the
 * target, whose watermark says which source state it equals, then from the source: rows whose key was not logged in
 * between must be equal. The others are pending, and are among the keys logged after the watermark at which the
 * comparison of all tables began.
 */
export function verifyTable(options: VerifyOptions, mapping: TableMapping): Promise<TableVerification> {
  const keyless = options.rowidsDropped === true && mapping.identity.kind === "rowid";
  return keyless ? keylessTable(options, mapping) : new TableVerifier(options, mapping).everything();
}

/** The same of all tables, one after the other. */
export async function verifyAll(options: VerifyOptions, mappings: readonly TableMapping[]): Promise<Verification> {
  const through = await watermarkOf(options.session, options);
  const tables: TableVerification[] = [];
  for (const group of withSmallTogether(mappings, () => options.progress === undefined)) {
    const equal = new Map(
      (group.length > 1 ? await verifySmallTables(options, group) : []).map((table) => [table.mapping.id, table]),
    );
    for (const mapping of group) tables.push(equal.get(mapping.id) ?? (await verifyTable(options, mapping)));
  }
  return { through, tables };
}

/** Compares the rows whose keys were logged after `after`: what changed since the last verification. */
export async function verifyChanges(
  options: VerifyOptions,
  mappings: readonly TableMapping[],
  after: bigint,
): Promise<Verification> {
  const few = await verifyFewChanges(options, mappings, after);
  if (few !== null) return few;
  const through = await watermarkOf(options.session, options);
  const last = await options.source.read(lastLogged);
  const ids = await changedTables(options.source, after, last);
  const tables: TableVerification[] = [];
  for (const mapping of mappings) {
    tables.push(
      ids.has(mapping.id) ? await new TableVerifier(options, mapping).logged(after, last) : unchanged(mapping),
    );
  }
  return { through, tables };
}

async function keylessTable(options: VerifyOptions, mapping: TableMapping): Promise<TableVerification> {
  const { rows, differences, quarantineRows } = await compareKeyless({ ...options, mapping });
  options.onRows?.(mapping.source, rows);
  return { mapping, rows, differences: [], more: differences, pending: 0, quarantineRows };
}
