import { setTimeout as delay } from "node:timers/promises";
import type { Program } from "./program.ts";

/** What became of the writes of an application that goes on during a move. */
export interface LiveWrites {
  readonly acknowledged: readonly string[];
  /** Refused because the database was moving: the fence says so, or no write came through any more. */
  readonly refused: number;
  /** Refused with "database is locked". */
  readonly locked: number;
  readonly otherErrors: readonly string[];
}

export interface LiveWriter {
  stop(): Promise<LiveWrites>;
}

const PAUSE_MS = 4;

/** Writes a row every few milliseconds through the application, and remembers what it acknowledged. */
export function startWriting(write: (title: string) => Promise<unknown>, prefix: string): LiveWriter {
  const acknowledged: string[] = [];
  const otherErrors: string[] = [];
  let [refused, locked, on] = [0, 0, true];
  // Some applications do not say why: these count as refused if no write follows.
  let unexplained: string[] = [];
  const work = async () => {
    for (let number = 0; on; number++) {
      const title = `${prefix}-${number}`;
      try {
        await write(title);
        acknowledged.push(title);
        otherErrors.push(...unexplained.splice(0));
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        if (/CHANGEOVER_FENCED/.test(text)) {
          refused++;
          await delay(20);
        } else if (/locked|busy/i.test(text)) locked++;
        else {
          unexplained.push(text.slice(0, 300));
          await delay(20);
        }
      }
      await delay(PAUSE_MS);
    }
  };
  const ended = work();
  return {
    async stop() {
      on = false;
      await ended;
      refused += unexplained.length;
      unexplained = [];
      return { acknowledged, refused, locked, otherErrors };
    },
  };
}

/** Acknowledged writes that the application does not have any more. */
export async function missingWrites(program: Program, { acknowledged }: LiveWrites, prefix: string): Promise<number> {
  const kept = new Set(await program.ask<string[]>("titles", prefix));
  return acknowledged.filter((title) => !kept.has(title)).length;
}
