import { TargetError } from "../../errors.ts";
import { connectionLocation } from "./render-connection.ts";
import type { Connection } from "./resolve-connection.ts";

/** A connection that runs one message and returns the server process of its last SELECT. */
export interface PidAsker {
  pidOf(text: string): Promise<number>;
  run(text: string): Promise<void>;
}

const PID = "select pg_backend_pid() as pid";
const ROUNDS = 4;

/** How a pooler gives connections of the server to these two. */
export async function poolingBetween(first: PidAsker, second: PidAsker): Promise<"session" | "transaction"> {
  return (await sharesBackends(first, second)) ? "transaction" : "session";
}

/**
 * Whether two connections through a pooler share the server's connections. The first is idle, so in transaction mode
 * its server process is free: either the second one gets it, or the first one gets another while the second holds one.
 */
async function sharesBackends(first: PidAsker, second: PidAsker): Promise<boolean> {
  const own = await first.pidOf(PID);
  const others = await second.pidOf(`begin; ${PID}`);
  try {
    if (others === own) return true;
    for (let round = 0; round < ROUNDS; round++) if ((await first.pidOf(PID)) !== own) return true;
    return false;
  } finally {
    await second.run("rollback");
  }
}

/** For work that needs a session: the run lock, temporary tables and settings. */
export function transactionPoolerError(connection: Connection): TargetError {
  const location = connectionLocation(connection);
  return new TargetError({
    code: "TARGET_POOLER",
    message:
      `the target is a pooler in transaction mode, and this command needs a session of its own: ${location}. ` +
      "Nothing was written",
    hint: directAddressHint(connection),
    context: { location },
  });
}

const WHAT_WORKS = "Through the pooler, up, down, redo, migrations and status work";

/** Where the same database is reached without its pooler, as far as the host's name says it. */
export function directAddressHint({ endpoints }: Pick<Connection, "endpoints">): string {
  const [{ host, port } = { host: "", port: 0 }] = endpoints;
  if (/-pooler\..*\bneon\.tech$/.test(host))
    return `give Neon's direct host, ${host.replace("-pooler.", ".")}. ${WHAT_WORKS}`;
  if (/\.pooler\.supabase\.com$/.test(host))
    return (
      `give the pooler's port for sessions, ${host}:5432, or the direct host db.PROJECT.supabase.co. ` + WHAT_WORKS
    );
  if (/\.proxy-[^.]*\..*\.rds\.amazonaws\.com/.test(host))
    return `give the endpoint of the database instance or cluster instead of RDS Proxy's. ${WHAT_WORKS}`;
  if (/\.db\.ondigitalocean\.com$/.test(host) && port === 25_061)
    return `give DigitalOcean's direct port, ${host}:25060, and the database's own name. ${WHAT_WORKS}`;
  return `give the server's own host and port, or a pool with pool_mode = session. ${WHAT_WORKS}`;
}
