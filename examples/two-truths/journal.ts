import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Effect } from "./writes/write.ts";

/** One line of the journal. `n` counts the commits of one writer; a refused transaction has none. */
export type JournalEntry =
  | ({ readonly n: number; readonly kind: string; readonly at: number } & Effect)
  | { readonly refused: string; readonly kind: string; readonly at: number };

export interface Journal {
  write(entry: JournalEntry): void;
  close(): void;
}

/** Appends to a file, each line at once: what is in it was acknowledged, even if the writer is killed. */
export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { write: () => {}, close: () => {} };
  const file = openSync(path, "a");
  return { write: (entry) => writeSync(file, `${JSON.stringify(entry)}\n`), close: () => closeSync(file) };
}

export function readJournal(path: string): JournalEntry[] {
  const lines = readFileSync(path, "utf8").split("\n");
  // After the last line break there is nothing, or the half line of a writer that was killed.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalEntry);
}

/** By table and id: the values that the last acknowledged writes left there, or null for a deleted row. */
export type ExpectedRows = Map<string, Map<string, Record<string, string | number | null> | null>>;

/** Right for the journal of the only writer: lines of several say nothing about their order. */
export function expectedRows(entries: readonly JournalEntry[]): ExpectedRows {
  const expected: ExpectedRows = new Map();
  const table = (name: string) => {
    const rows = expected.get(name) ?? new Map<string, Record<string, string | number | null> | null>();
    expected.set(name, rows);
    return rows;
  };
  for (const entry of entries) {
    if (!("n" in entry)) continue;
    for (const [name, ids] of Object.entries(entry.deleted ?? {})) {
      for (const id of ids) table(name).set(String(id), null);
    }
    for (const [name, rows] of Object.entries(entry.wrote ?? {})) {
      for (const [id, values] of Object.entries(rows)) table(name).set(id, { ...table(name).get(id), ...values });
    }
  }
  return expected;
}
