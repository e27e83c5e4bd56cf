import { isEqual, type Raw } from "./equal.ts";
import type { LedgerEntry, LedgerValue, TargetContents } from "./postgres-side.ts";
import type { SourceContents } from "./sqlite-side.ts";

export interface TableContents {
  /** As rules of the case have shaped it. */
  readonly source: SourceContents;
  /** The same rows as they are. */
  readonly raw: SourceContents;
  readonly target: TargetContents;
  readonly ledger: readonly LedgerEntry[];
  /** The target's name of a column that PostgreSQL cannot call what SQLite does. */
  renamed(column: string): string | undefined;
  /** The table was there before, and may have columns of its own. */
  readonly wasThere: boolean;
}

/** What is wrong about a table that has arrived: rows are paired by their values, whatever the order or the key. */
export function compareTable({ source, raw, target, ledger, renamed, wasThere }: TableContents): string[] {
  const table = JSON.stringify(source.table);
  const positions = source.columns.map((column) =>
    target.columns.findIndex(({ name }) => name === (renamed(column) ?? column)),
  );
  const missing = source.columns.filter((_, index) => (positions[index] ?? -1) < 0);
  const more = wasThere ? [] : target.columns.filter((_, index) => !positions.includes(index));
  if (missing.length + more.length > 0)
    return [
      `${table} lacks columns ${JSON.stringify(missing)} and has ${JSON.stringify(more.map(({ name }) => name))}`,
    ];

  const rowEntries = ledger.filter(({ what }) => what === "row");
  const open = [...target.rows];
  const unpaired: (readonly Raw[])[] = [];
  for (const [index, row] of source.rows.entries()) {
    const matches = (candidate: readonly (string | null)[]) =>
      row.every((value, column) =>
        isEqual(value, target.columns[positions[column] ?? 0]?.type ?? "", candidate[positions[column] ?? 0] ?? null),
      );
    const same = open[0] !== undefined && matches(open[0]) ? 0 : open.findIndex(matches);
    if (same >= 0) open.splice(same, 1);
    else unpaired.push(raw.rows[index] ?? []);
  }
  const absent = unpaired.filter((row) => !rowEntries.some((entry) => isRowOf(entry, row, raw.columns)));
  const wrong: string[] = [];
  if (absent.length > 0)
    wrong.push(
      `${table}: ${absent.length} of ${source.rows.length} rows did not arrive as they are, ` +
        `such as ${show(absent[0], raw.columns)}`,
    );
  if (open.length > 0)
    wrong.push(
      `${table}: ${open.length} rows of the target are not those of the source, ` +
        `such as ${JSON.stringify(open[0])?.slice(0, 200)}`,
    );
  if (unpaired.length - absent.length !== rowEntries.length)
    wrong.push(
      `${table}: ${rowEntries.length} rows are in quarantine, of which ${unpaired.length - absent.length} are kept out`,
    );
  return wrong;
}

/** The ledger holds the row as SQLite does, so nothing of it is lost. */
function isRowOf({ row }: LedgerEntry, values: readonly Raw[], columns: readonly string[]): boolean {
  return values.every((value, index) => {
    const noted = row[columns[index] ?? ""];
    return noted !== undefined && isNoted(noted, value);
  });
}

function isNoted(noted: LedgerValue, raw: Raw): boolean {
  if (noted.type === "integer") return raw.kind === "integer" && BigInt(noted.value) === raw.value;
  if (noted.type === "real") return raw.kind === "real" && Number(noted.value) === raw.value;
  if (noted.type === "null") return raw.kind === "null";
  return (
    (raw.kind === "text" || raw.kind === "blob") && noted.type === raw.kind && raw.bytes.toString("hex") === noted.hex
  );
}

/** A ledger's value as the literal that SQLite's quote() gives. */
export function showNoted(value: LedgerValue): string {
  if (value.type === "null") return "NULL";
  if (value.type === "integer" || value.type === "real") return String(value.value);
  return value.type === "blob" ? `x'${value.hex}'` : `'${Buffer.from(value.hex, "hex").toString("utf8")}'`;
}

function show(row: readonly Raw[] | undefined, columns: readonly string[]): string {
  return (row ?? [])
    .map((value, index) => `${columns[index]} = ${showRaw(value)}`)
    .join(", ")
    .slice(0, 200);
}

function showRaw(raw: Raw): string {
  if (raw.kind === "null") return "NULL";
  if (raw.kind === "integer" || raw.kind === "real") return String(raw.value);
  const text = raw.bytes.toString("utf8");
  return raw.kind === "text" && Buffer.from(text, "utf8").equals(raw.bytes)
    ? `'${text.slice(0, 60)}'`
    : `${raw.kind} x'${raw.bytes.toString("hex").slice(0, 60)}'`;
}
