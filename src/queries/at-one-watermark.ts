import { LOG_TABLE } from "../model/change-log.ts";
import type { Run } from "../model/run.ts";
import { sqliteName } from "../quote.ts";
import { pause } from "../retry.ts";
import type { Source, SourceReader } from "../source/source.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { watermarkOf } from "../verify/watermark.ts";

export interface BothAt {
  readonly source: Source;
  readonly session: TargetSession;
  readonly run: Run;
  /** Tables by their number in the change log; null: all. */
  readonly tables: readonly number[] | null;
  readonly timeoutMs: number;
  readonly readOnly: boolean;
  /** What is to be there before the target is asked; it is rolled back as well. */
  readonly prelude?: (tx: TargetTransaction) => Promise<void>;
}

/** How often both sides are looked at, before a statement is given up whose tables are written to all the time. */
const ATTEMPTS = 60;
const PAUSE_MS = 50;

export type Together<T> = { readonly kind: "done"; readonly result: T } | { readonly kind: "pending" };

/**
 * Asks the source, then the target, while the tables in question are equal: no change of theirs is in the log that the
 * target's snapshot lacks. Whatever the target's transaction did is rolled back.
 */
export async function atOneWatermark<S, T>(
  both: BothAt,
  askSource: (tx: SourceReader) => Promise<S>,
  askTarget: (tx: TargetTransaction, asked: S) => Promise<T>,
): Promise<Together<T>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const result = await attemptOnce(both, askSource, askTarget);
    if (result.kind === "done") return result;
    await pause(PAUSE_MS);
  }
  return { kind: "pending" };
}

async function attemptOnce<S, T>(
  { prelude, readOnly, run, session, source, tables, timeoutMs }: BothAt,
  askSource: (tx: SourceReader) => Promise<S>,
  askTarget: (tx: TargetTransaction, asked: S) => Promise<T>,
): Promise<Together<T>> {
  const undo = new Error("undo");
  let result: Together<T> = { kind: "pending" };
  try {
    await session.transaction(
      async (tx) => {
        // The first query takes the snapshot.
        const watermark = await watermarkOf(tx, { run: run.id });
        const asked = await inSnapshot(source, async (reader) =>
          run.captured && (await isPending(reader, watermark, tables)) ? null : { answer: await askSource(reader) },
        );
        if (asked !== null) {
          await tx.run(`set local statement_timeout = ${Math.ceil(timeoutMs)}; set local timezone = 'UTC'`);
          await prelude?.(tx);
          result = { kind: "done", result: await askTarget(tx, asked.answer) };
        }
        throw undo;
      },
      { isolation: "repeatable read", readOnly },
    );
  } catch (error) {
    if (error !== undo) throw error;
  }
  return result;
}

/** A read of the source whose scratch tables, if any, are gone afterwards. */
async function inSnapshot<R>(source: Source, work: (tx: SourceReader) => Promise<R>): Promise<R> {
  const undo = new Error("undo");
  const done: R[] = [];
  try {
    await source.read(async (tx) => {
      done.splice(0, done.length, await work(tx));
      throw undo;
    });
  } catch (error) {
    const isUndone = error === undo || (error instanceof Error && error.cause === undo);
    if (!isUndone) throw error;
  }
  return done[0] as R;
}

async function isPending(tx: SourceReader, watermark: bigint, tables: readonly number[] | null): Promise<boolean> {
  const among = tables === null ? "" : ` AND tbl IN (${tables.join(", ")})`;
  const [row] = await tx.rows(`SELECT 1 FROM ${sqliteName(LOG_TABLE)} WHERE seq > ?${among} LIMIT 1`, [watermark]);
  return row !== undefined;
}
