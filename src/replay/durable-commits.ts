import { sql } from "../sql.ts";
import type { TargetSession } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";

const EVERY_MS = 2_000;
// PostgreSQL writes what was committed without waiting within a fraction of a second: wal_writer_delay, three times at
// most.
const CHECK_EVERY_MS = 100;
const MAX_WAIT_MS = 5_000;

/**
 * Which commits survive a crash of the server. They do not wait for its disk, and nor do we: we ask now and then how
 * far it has come. On a disk that others keep busy, one commit that waited held up all changes behind it for seconds.
 * Where others hold copies that could take over (synchronous_standby_names), or the disk is long in coming, one commit
 * waits after all, and covers those before it.
 */
export class DurableCommits {
  readonly #session: TargetSession;
  #last: bigint | null = null;
  #asked = Number.NEGATIVE_INFINITY;
  #written: Written | null = null;
  #wantsOne = false;

  constructor(session: TargetSession) {
    this.#session = session;
  }

  /** Whether the next commit shall wait. */
  get wantsOne(): boolean {
    return this.#wantsOne;
  }

  /** Returns the watermark if the commit has waited. */
  committed(watermark: bigint): bigint | null {
    this.#last = watermark;
    if (!this.#wantsOne) return null;
    this.#wantsOne = false;
    this.#last = null;
    return watermark;
  }

  /** A watermark that survives, where one is newly known to: asked every two seconds. */
  async next(): Promise<bigint | null> {
    const now = performance.now();
    try {
      return this.#written === null ? await this.#begin(now) : await this.#check(this.#written, now);
    } catch (error) {
      // A server that does not tell.
      if (isConnectionLoss(error)) throw error;
      this.#written = null;
      this.#wantsOne = true;
      return null;
    }
  }

  async #begin(now: number): Promise<null> {
    const watermark = this.#last;
    if (watermark === null || this.#wantsOne || now - this.#asked < EVERY_MS) return null;
    this.#asked = now;
    this.#last = null;
    const [row] = await this.#session.rows<{ lsn: string; is_copied: boolean }>(sql("target/committed-until"));
    if (row === undefined || row.is_copied) this.#wantsOne = true;
    else this.#written = { watermark, lsn: row.lsn, since: now, checkedAt: now };
    return null;
  }

  async #check(written: Written, now: number): Promise<bigint | null> {
    if (now - written.checkedAt < CHECK_EVERY_MS) return null;
    written.checkedAt = now;
    const [row] = await this.#session.rows<{ is_on_disk: boolean }>(
      "select pg_current_wal_flush_lsn() >= $1::pg_lsn as is_on_disk",
      [written.lsn],
    );
    if (row?.is_on_disk === true) {
      this.#written = null;
      return written.watermark;
    }
    if (now - written.since > MAX_WAIT_MS) {
      this.#written = null;
      this.#wantsOne = true;
    }
    return null;
  }
}

/** A commit on its way to the disk. */
interface Written {
  readonly watermark: bigint;
  /** A place in the server's log behind it. */
  readonly lsn: string;
  readonly since: number;
  checkedAt: number;
}
