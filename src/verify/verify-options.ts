import type { TableMapping } from "../model/mapping.ts";
import type { Source } from "../source/source.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { Difference, Excuse } from "./compare.ts";
import type { Pacing } from "./pacing.ts";
import type { Progress } from "./progress.ts";

export interface VerifyOptions extends Pacing {
  readonly run: string;
  /** Of a table that stands still while others flow: the watermark at which it does. */
  readonly standsAt?: bigint;
  readonly source: Source;
  /** A session of its own, next to the one that replays. */
  readonly session: TargetSession;
  /** Another, so that PostgreSQL answers for one page while the next is read from the source. */
  readonly auxiliary?: TargetSession;
  /** Whether the source has a change log; without one it must be at rest. */
  readonly captured: boolean;
  readonly onRows?: (table: string, rows: number) => void;
  /** After the cutover tables without a key have lost the column that told their rows apart. */
  readonly rowidsDropped?: boolean;
  /**
   * After the cutover, where changes flow the other way: what the target logged is on its way. Nobody may bring it
   * meanwhile.
   */
  readonly failback?: FailbackLog;
  /**
   * Every table by pages, each of which is compared as soon as it is read: where that goes slowly, so that little is
   * lost if it ends.
   */
  readonly byPages?: boolean;
  /** Goes on from where an interrupted comparison was, and keeps how far this one is. */
  readonly progress?: Progress;
}

export interface FailbackLog {
  /** The target's log of a table's changed keys, in columns k1, k2, …; `whole` where all of its rows changed. */
  log(mapping: TableMapping): string;
  /** Comes first in a transaction: TRUNCATE empties a table for older snapshots too, so none may come between. */
  lock(tx: TargetTransaction, mapping: TableMapping): Promise<void>;
  /** How many rows of the source stand under those keys, as the transaction's snapshot has them. */
  countInSource(tx: TargetTransaction, mapping: TableMapping): Promise<number>;
  /** Values that the source can only hold rounded: a timestamp finer than its epoch. */
  excuse(mapping: TableMapping): Excuse;
}

export interface TableVerification {
  readonly mapping: TableMapping;
  /** Rows compared. */
  readonly rows: number;
  readonly differences: readonly Difference[];
  /** Rows that differ beyond those named, or that only the target has. */
  readonly more: number;
  /** Rows not compared, since their change was on its way: they are logged after `through`. */
  readonly pending: number;
  /** Rows that the quarantine names: not there, or with NULL for a value. They are no differences. */
  readonly quarantineRows: number;
}
