import { FENCED } from "./model/change-log.ts";

/** The fence that refused a write, and where to write instead. */
export type Fence =
  | {
      /** The write went to SQLite. */
      readonly side: "source";
      /** `cutting-over`: retry here in a moment. `cut-over`: PostgreSQL has taken over for good. */
      readonly state: "cutting-over" | "cut-over";
      /** The other database, where the data goes: shown to people, without user and password. */
      readonly location: string;
    }
  | {
      /** The write went to PostgreSQL. */
      readonly side: "target";
      /**
       * `not-open`: write to SQLite until the cutover. `returning`: retry here in a moment. `returned`: SQLite has
       * taken over for good.
       */
      readonly state: "not-open" | "returning" | "returned";
      /** The other database, where the data is or goes. */
      readonly location: string;
    };

const STATES: Readonly<Record<string, Fence["side"]>> = {
  "cutting-over": "source",
  "cut-over": "source",
  "not-open": "target",
  returning: "target",
  returned: "target",
};

// The location may hold colons, spaces and line ends; the sentence behind it is always the same.
const REFUSAL = new RegExp(`${FENCED} state=([a-z-]+) (?:target|source)=([^]*?): this database `);

/** Drivers and ORMs wrap errors in others. */
const MAX_CAUSES = 20;

/**
 * Whether an error of an application's own database driver is a refusal by changeover's fence, and by which; null if it
 * is not. A refused write was not done at all: roll the transaction back, and do all of it again.
 *
 * Works for any SQLite and PostgreSQL driver, and through the `cause` of an ORM's error. Use it in an application's
 * retry code; `changeover/fenced-by` loads nothing else.
 *
 * @example
 * ```ts
 * const fence = fencedBy(error);
 * if (fence === null) throw error;
 * if (fence.state === "cut-over") database = postgres;
 * else if (fence.state === "returned") database = sqlite;
 * else await delay(10);
 * ```
 */
export function fencedBy(error: unknown): Fence | null {
  let at = error;
  for (let depth = 0; depth < MAX_CAUSES && at !== null && at !== undefined; depth++) {
    const fence = fenceIn(textOf(at));
    if (fence !== null) return fence;
    if (typeof at !== "object") return null;
    for (const each of "errors" in at && Array.isArray(at.errors) ? at.errors : []) {
      const found = fenceIn(textOf(each));
      if (found !== null) return found;
    }
    at = "cause" in at ? at.cause : null;
  }
  return null;
}

function textOf(error: unknown): string {
  if (typeof error === "string") return error;
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : "";
}

function fenceIn(text: string): Fence | null {
  const [, state = "", location = ""] = REFUSAL.exec(text) ?? [];
  const side = STATES[state];
  return side === undefined ? null : ({ side, state, location } as Fence);
}
