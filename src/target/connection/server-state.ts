import { TargetError } from "../../errors.ts";
import type { ServerRole } from "./connect-first.ts";

/** What a fresh connection says of its server. */
export interface ServerState extends ServerRole {
  /** As server_version_num: 150004. */
  readonly version: number;
  readonly encoding: string;
  /** Commits wait for a standby, and none is connected. */
  readonly waitsForStandby: boolean;
  /** `transaction`: a pooler gives each transaction to another connection of the server. */
  readonly pooling: "none" | "session" | "transaction";
}

/** The row of target/server-state.sql. */
export interface ServerStateRow {
  readonly pid: number;
  readonly version: number;
  readonly encoding: string;
  readonly is_standby: boolean;
  readonly is_read_only: boolean;
  readonly waits_for_standby: boolean;
}

/** The least of PostgreSQL that has what changeover uses. */
export const OLDEST_VERSION = 140_000;

export function serverStateOf(row: ServerStateRow, pooling: ServerState["pooling"]): ServerState {
  return {
    version: row.version,
    encoding: row.encoding,
    isStandby: row.is_standby,
    isReadOnly: row.is_read_only,
    waitsForStandby: row.waits_for_standby,
    pooling,
  };
}

/** Refuses a server that cannot hold a migrated database, before anything is written there. */
export function refuseUnfitServer(state: ServerState, location: string): void {
  const unfit = unfitness(state);
  if (unfit !== null)
    throw new TargetError({ ...unfit, message: `${unfit.message}: ${location}`, context: { location } });
}

function unfitness({ encoding, isReadOnly, isStandby, version, waitsForStandby }: ServerState) {
  if (version < OLDEST_VERSION)
    return {
      code: "TARGET_VERSION",
      message: `the target is PostgreSQL ${Math.floor(version / 10_000)}; 14 is the oldest that works`,
      hint: "give a newer server",
    } as const;
  if (isStandby)
    return {
      code: "TARGET_READ_ONLY",
      message: "the target is a standby, which takes no writes",
      hint: "give the primary's host; with several hosts, target_session_attrs=read-write finds it",
    } as const;
  if (isReadOnly)
    return {
      code: "TARGET_READ_ONLY",
      message: "the target is read-only (default_transaction_read_only is on)",
      hint:
        "find who set it: the server when its disk is full, ALTER DATABASE … SET or ALTER ROLE … SET; " +
        "or give options=-c%20default_transaction_read_only%3Doff",
    } as const;
  if (encoding !== "UTF8")
    return {
      code: "TARGET_ENCODING",
      message: `the target database has the encoding ${encoding}, which does not hold every text`,
      hint: "create the database with: createdb --encoding UTF8 --template template0 NAME",
    } as const;
  if (waitsForStandby)
    return {
      code: "TARGET_STANDBY",
      message:
        "the server's commits wait for a synchronous standby (synchronous_standby_names), and none is connected: " +
        "nothing that is written would be confirmed",
      hint: "connect the standby; or ALTER SYSTEM SET synchronous_standby_names = '' and SELECT pg_reload_conf()",
    } as const;
  return null;
}
