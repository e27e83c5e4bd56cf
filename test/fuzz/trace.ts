import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { now } from "./clock.ts";

const MOST = 100_000;
let lines: string[] = [];

/** Forgets what was noted: a trial begins. */
export function newTrace(): void {
  lines = [];
}

/**
 * Notes what happens and when, ms. What a failed trial did cannot be seen by running it again: its timing is not in the
 * seed.
 */
export function trace(text: string): void {
  if (lines.length < MOST) lines.push(`${now().toFixed(0)} ${text.replace(/\s+/g, " ").slice(0, 600)}`);
}

/** Writes the notes to a file, and says which. */
export function saveTrace(seed: number): string {
  const file = join(tmpdir(), `changeover-fuzz-${seed}.trace`);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
