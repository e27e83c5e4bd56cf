import type { RunTable } from "../api/read-tables.ts";
import type { EventListener, ProgressEvent } from "../events.ts";
import type { NextStep } from "../status/next-steps.ts";
import { renderBytes, renderDuration } from "../status/render-count.ts";

/** What a command did with one table. */
interface TableWork {
  /** ms. */
  copyMs: number | null;
  copied: number;
  verified: number | null;
}

interface Span {
  readonly at: number;
  readonly from: number;
}

/** Notes from a command's events what it did with each table, for the table at its end. */
export class TicketRecord {
  readonly #work = new Map<string, TableWork>();
  readonly #began = new Map<string, Span>();

  readonly listener: EventListener = (event) => {
    if (event.type === "progress" && event.detail !== null && event.part !== null)
      this.#note(event, event.detail, event.part.done);
  };

  of(table: string): Readonly<TableWork> {
    return this.#work.get(table) ?? { copyMs: null, copied: 0, verified: null };
  }

  #note({ at, phase }: ProgressEvent, table: string, done: number): void {
    const now = Date.parse(at);
    const began = this.#began.get(`${phase} ${table}`) ?? { at: now, from: done };
    this.#began.set(`${phase} ${table}`, began);
    const work = { ...this.of(table) };
    if (phase === "copy") {
      work.copyMs = now - began.at;
      work.copied = done - began.from;
    } else if (phase === "verify") work.verified = done;
    this.#work.set(table, work);
  }
}

export interface TicketInput {
  readonly tables: readonly RunTable[];
  readonly record: TicketRecord;
  /** Differences by table; null where the command did not compare. */
  readonly differences: ReadonlyMap<string, number> | null;
}

const HEAD = ["table", "rows", "bytes", "time", "rows/s", "verified", "differences"];

/** A table in Markdown, aligned, to be pasted into a ticket as it is. */
export function renderTicketTable({ differences, record, tables }: TicketInput): string {
  const rows = tables.map((table) => {
    const { copied, copyMs, verified } = record.of(table.source);
    const rate = copyMs === null || copyMs < 100 ? "" : Math.round((copied / copyMs) * 1_000).toLocaleString("en-US");
    return [
      table.source.replaceAll("|", "\\|"),
      table.copied.toLocaleString("en-US"),
      table.bytes === null ? "" : renderBytes(table.bytes),
      copyMs === null ? "" : renderDuration(copyMs),
      rate,
      verified === null ? "" : verified.toLocaleString("en-US"),
      verified === null || differences === null ? "" : (differences.get(table.source) ?? 0).toLocaleString("en-US"),
    ];
  });
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(" | ")} |`;
  const dashes = widths.map((width, column) => `${"-".repeat(width - 1)}${column === 0 ? "-" : ":"}`);
  const rule = `| ${dashes.join(" | ")} |`;
  return [line(HEAD), rule, ...rows.map(line)].join("\n");
}

/** What comes next, a command a line. */
export function renderNext(steps: readonly NextStep[]): string {
  const width = Math.max(0, ...steps.map(({ command }) => command.length));
  return steps.map(({ command, why }) => `  ${command.padEnd(width)}  ${why}`).join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
