import type { Target, TargetSession } from "./target.ts";

export interface Sessions {
  /** An open session; the others are opened here. */
  readonly first: TargetSession;
  readonly target: Pick<Target, "session">;
  /** Upper limit of sessions. */
  readonly max: number;
}

/** Items to be done one after the other in one session. */
export interface SessionWork<Item> {
  readonly items: readonly Item[];
  /**
   * Estimated effort, including `then`. The heaviest work starts first, so that no session is left alone with it at the
   * end.
   */
  readonly weight?: number;
  /** Works that may start, in any session, once this one is done. */
  readonly then?: readonly SessionWork<Item>[];
}

/** Runs works concurrently, each in one session. The first error stops all. */
export async function runInSessions<Item>(
  { first, target, max }: Sessions,
  work: readonly SessionWork<Item>[],
  run: (session: TargetSession, item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...work];
  let [running, hasFailed] = [0, false];
  const idle: (() => void)[] = [];
  const wake = () => {
    for (const wakeOne of idle.splice(0)) wakeOne();
  };
  const runOne = async (session: TargetSession, { items, then }: SessionWork<Item>) => {
    running++;
    try {
      for (const item of items) {
        if (hasFailed) return;
        await run(session, item);
      }
      waiting.push(...(then ?? []));
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      running--;
      wake();
    }
  };
  const serve = async (isFirst: boolean): Promise<void> => {
    const session = isFirst ? first : await target.session();
    try {
      while (!hasFailed) {
        const next = takeHeaviest(waiting);
        if (next !== undefined) await runOne(session, next);
        else if (running === 0) return;
        // A running work may release further works: wait for it.
        else await new Promise<void>((resolve) => idle.push(resolve));
      }
    } finally {
      if (!isFirst) await session.close();
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: Math.max(1, Math.min(max, countWorks(work))) }, (_, index) => serve(index === 0)),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

function countWorks(work: readonly SessionWork<unknown>[]): number {
  return work.reduce((sum, { then }) => sum + Math.max(1, countWorks(then ?? [])), 0);
}

function takeHeaviest<Item>(waiting: SessionWork<Item>[]): SessionWork<Item> | undefined {
  let heaviest = 0;
  for (const [index, { weight = 0 }] of waiting.entries())
    if (weight > (waiting[heaviest]?.weight ?? 0)) heaviest = index;
  return waiting.splice(heaviest, 1)[0];
}
