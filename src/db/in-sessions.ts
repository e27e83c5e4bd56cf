import type { Target, TargetSession } from "./target.ts";

export interface Sessions {
  /** The session that is there; the others are opened. */
  readonly first: TargetSession;
  readonly target: Pick<Target, "session">;
  /** How many at most. */
  readonly most: number;
}

/** Does `work` for all items of all groups: groups side by side, each in one session, the items of one in their order. The first error ends all. */
export async function inSessions<Item>({ first, target, most }: Sessions, groups: readonly (readonly Item[])[], work: (session: TargetSession, item: Item) => Promise<void>): Promise<void> {
  const waiting = [...groups];
  let hasFailed = false;
  const run = async (isFirst: boolean): Promise<void> => {
    const session = isFirst ? first : await target.session();
    try {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
        for (const item of group) {
          if (hasFailed) return;
          await work(session, item);
        }
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      if (!isFirst) await session.close();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, Math.min(most, waiting.length)) }, (_, index) => run(index === 0)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
