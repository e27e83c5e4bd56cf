import { renderDuration } from "../status/render-count.ts";
import { paint } from "./paint.ts";

/** How far one piece of work is. */
export interface LiveWork {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  /** Units a second; 0 while it is not known. */
  readonly rate: number;
}

/** What a live view shows. */
export interface LiveState {
  /** The work as a whole; null before the first. */
  readonly whole: LiveWork | null;
  /** Tables under way. */
  readonly parts: readonly LiveWork[];
  /** While a sync follows: rows brought over, and how long ago the last of them, ms. */
  readonly followed: { readonly rows: number; readonly agoMs: number } | null;
}

export interface LiveOptions {
  readonly columns: number;
  readonly hasColor: boolean;
}

const MAX_PARTS = 4;
const MAX_COLUMNS = 120;
const NAME_COLUMNS = 16;

/** The lines of the live view. None is wider than the terminal. */
export function renderLive({ followed, parts, whole }: LiveState, options: LiveOptions): string[] {
  const columns = Math.max(20, Math.min(options.columns, MAX_COLUMNS) - 1);
  const isDone = whole === null || whole.done >= whole.total;
  const shown = isDone ? [] : parts.slice(0, MAX_PARTS);
  const lines = [
    ...(whole === null || (isDone && followed !== null) ? [] : [workLine(whole, columns, options)]),
    ...shown.map((part) => workLine({ ...part, name: `  ${part.name}` }, columns, options)),
    ...(isDone || parts.length <= MAX_PARTS ? [] : [`  and ${parts.length - MAX_PARTS} more tables`]),
    ...(followed === null ? [] : [followedLine(followed)]),
    "Ctrl-C ends it in good order; the next start goes on",
  ];
  return lines.map((line, index) => (isStyled(line) ? line : fit(line, columns, index, lines.length, options)));
}

function followedLine({ agoMs, rows }: NonNullable<LiveState["followed"]>): string {
  return `in sync: ${rows.toLocaleString("en-US")} changed rows brought over, the last ${renderDuration(agoMs)} ago`;
}

/** Fields are left out from the least wanted on, until the line fits. */
function workLine({ done, name, rate, total, unit }: LiveWork, columns: number, options: LiveOptions): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const leftMs = rate > 0 && done < total ? ((total - done) / rate) * 1_000 : null;
  const counts = `${done.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} ${unit}`;
  const speed = rate > 0 ? `${Math.round(rate).toLocaleString("en-US")} ${unit}/s` : "";
  const left = leftMs === null ? "" : `${renderDuration(leftMs)} left`;
  const head = cutTo(name, NAME_COLUMNS).padEnd(NAME_COLUMNS);
  const fields = [counts, speed, left].filter((field) => field !== "");
  const variants = [fields, [counts, left], [left], []].map((kept) => kept.filter((field) => fields.includes(field)));
  const room = (kept: readonly string[]) => columns - [head, percent, ...kept].join("  ").length - 2;
  const kept = variants.find((variant) => room(variant) >= 10) ?? [];
  const width = Math.min(30, Math.max(4, room(kept)));
  const filled = Math.round(share * width);
  const bar = "█".repeat(filled) + "░".repeat(width - filled);
  return [head, options.hasColor ? paint(share === 1 ? "green" : "cyan", bar) : bar, percent, ...kept].join("  ");
}

function isStyled(line: string): boolean {
  return line.includes("\u001b[");
}

function fit(line: string, columns: number, index: number, lines: number, { hasColor }: LiveOptions): string {
  const cut = cutTo(line, columns);
  return hasColor && index === lines - 1 ? paint("dim", cut) : cut;
}

function cutTo(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`;
}
