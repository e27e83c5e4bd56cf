import { execFile } from "node:child_process";
import { ChangeoverError } from "../../../src/errors.ts";
import { openConnection } from "../../../src/schema/migrate/migration-connection.ts";
import { openTarget, type TargetReader } from "../../../src/target/target.ts";

const WHO =
  "select current_user::text as who, current_database()::text as what, coalesce((select ssl from pg_stat_ssl where " +
  "pid = pg_backend_pid()), false) as tls";

/** What `work` sees in the environment; PG… variables of the machine are not there. */
async function inEnvironment<T>(given: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith("PG")) delete process.env[name];
  Object.assign(process.env, given);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

export function askPostgresJs(text: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return inEnvironment(environment, () =>
    outcomeOf(async () => {
      const target = openTarget({ url: text });
      try {
        return await whoIs(await target.session());
      } finally {
        await target.close();
      }
    }),
  );
}

export function askNodePostgres(text: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return inEnvironment(environment, () =>
    outcomeOf(async () => {
      const connection = await openConnection(text);
      try {
        return await whoIs(connection);
      } finally {
        await connection.close();
      }
    }),
  );
}

async function whoIs(connection: TargetReader): Promise<string> {
  const [row] = await connection.rows<{ who: string; what: string; tls: boolean }>(WHO);
  return `${row?.who}@${row?.what}, ${row?.tls === true ? "TLS" : "plain"}`;
}

async function outcomeOf(ask: () => Promise<string>): Promise<string> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ChangeoverError)) throw error;
    return `refused: ${BY_CODE[error.code] ?? error.code}`;
  }
}

const BY_CODE: Readonly<Record<string, string>> = {
  TARGET_URL: "parameter",
  TARGET_UNREACHABLE: "unreachable",
  TARGET_LOGIN: "login",
  TARGET_NO_DATABASE: "no database",
  TARGET_SESSION_ATTRS: "session",
  TARGET_TLS_AUTHORITY: "authority",
  TARGET_TLS_CLIENT_CERTIFICATE: "client certificate",
  TARGET_TLS_EXPIRED: "expired",
  TARGET_TLS_FILE: "file",
  TARGET_TLS_HOST_NAME: "host name",
  TARGET_TLS_REQUIRED: "TLS required",
  TARGET_TLS_UNSUPPORTED: "no TLS",
};

/** libpq has one message for an unknown authority and an expired certificate. */
export function inWordsOfPsql(outcome: string): string {
  return outcome.replace(/authority|expired/, "verification");
}

/** Null: there is no psql here. */
export function askPsql(text: string, environment: Readonly<Record<string, string>>): Promise<string | null> {
  return new Promise((resolve) => {
    const query = `select format('%s@%s, %s', who, what, case when tls then 'TLS' else 'plain' end) from (${WHO}) as w`;
    execFile(
      "psql",
      ["-X", "-w", "-A", "-t", "-d", text, "-c", query],
      // psql writes as the locale says, and its messages are matched.
      { env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8", ...environment }, timeout: 20_000 },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout.trim());
        if (error.code === "ENOENT") return resolve(null);
        resolve(`refused: ${BY_MESSAGE.find(([pattern]) => pattern.test(stderr))?.[1] ?? stderr.trim()}`);
      },
    );
  });
}

/** From the most telling message on: `allow` and `prefer` print two. */
const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/certificate verify failed/, "verification"],
  [/does not match host name/, "host name"],
  [/does not exist\n?.*(Either provide|sslmode)|root certificate file|private key file/s, "file"],
  [/does not support SSL/, "no TLS"],
  [/requires a valid client certificate|client certificate/, "client certificate"],
  [/pg_hba.conf.*no encryption/, "TLS required"],
  [/no pg_hba.conf entry|pg_hba.conf rejects|password authentication failed|no password supplied/, "login"],
  [/database ".*" does not exist/, "no database"],
  [/Connection refused|No such file/, "unreachable"],
  [/session is not|is not in hot standby|server is not/, "session"],
  [/invalid (URI query|connection option|sslmode|\S+ value)|definition of service|GSSAPI|weak sslmode/, "parameter"],
];
