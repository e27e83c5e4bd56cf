import { UsageError } from "../../errors.ts";

/** Parameters by their libpq names. */
export type ConnectionValues = ReadonlyMap<string, string>;

interface Parameter {
  /** The environment variable that libpq reads for it. */
  readonly env?: string;
  /** Why it is left out; absent for a parameter that is used. */
  readonly leftOut?: string;
  /** Left out without a word: it changes nothing that a user could miss. */
  readonly isSilent?: true;
}

const KRB = "changeover signs in by password or client certificate, not by GSSAPI";
const TOOL = "a setting of another tool";
const WEAK = "Node's TLS decides it";

/**
 * Parameters of libpq and of tools that write into the same URLs. None of them is ever sent to the server as a setting.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
const PARAMETERS = {
  host: { env: "PGHOST" },
  hostaddr: { env: "PGHOSTADDR" },
  port: { env: "PGPORT" },
  dbname: { env: "PGDATABASE" },
  user: { env: "PGUSER" },
  password: { env: "PGPASSWORD" },
  passfile: { env: "PGPASSFILE" },
  service: { env: "PGSERVICE" },
  servicefile: { env: "PGSERVICEFILE" },
  options: { env: "PGOPTIONS" },
  application_name: { env: "PGAPPNAME" },
  fallback_application_name: { leftOut: "the name is changeover", isSilent: true },
  connect_timeout: { env: "PGCONNECT_TIMEOUT" },
  client_encoding: { env: "PGCLIENTENCODING", leftOut: "changeover speaks UTF8", isSilent: true },
  target_session_attrs: { env: "PGTARGETSESSIONATTRS" },
  load_balance_hosts: { env: "PGLOADBALANCEHOSTS" },
  keepalives: {},
  keepalives_idle: {},
  keepalives_interval: { leftOut: "the operating system decides it", isSilent: true },
  keepalives_count: { leftOut: "the operating system decides it", isSilent: true },
  tcp_user_timeout: { leftOut: "changeover notices a dead connection itself", isSilent: true },
  sslmode: { env: "PGSSLMODE" },
  sslnegotiation: { env: "PGSSLNEGOTIATION" },
  sslrootcert: { env: "PGSSLROOTCERT" },
  sslcert: { env: "PGSSLCERT" },
  sslkey: { env: "PGSSLKEY" },
  sslpassword: {},
  sslcrl: { env: "PGSSLCRL" },
  sslsni: { env: "PGSSLSNI" },
  ssl_min_protocol_version: { env: "PGSSLMINPROTOCOLVERSION" },
  ssl_max_protocol_version: { env: "PGSSLMAXPROTOCOLVERSION" },
  sslcompression: { leftOut: WEAK, isSilent: true },
  sslcertmode: { env: "PGSSLCERTMODE" },
  sslcrldir: { env: "PGSSLCRLDIR", leftOut: "give one file of revocations as sslcrl" },
  channel_binding: {
    env: "PGCHANNELBINDING",
    leftOut: "Node's drivers do not bind SCRAM to TLS; sslmode=verify-full keeps others out",
  },
  require_auth: {
    env: "PGREQUIREAUTH",
    leftOut: "the server chooses how to sign in; sslmode=verify-full keeps others out",
  },
  gssencmode: { env: "PGGSSENCMODE", leftOut: KRB, isSilent: true },
  gssdelegation: { env: "PGGSSDELEGATION", leftOut: KRB, isSilent: true },
  gsslib: { env: "PGGSSLIB", leftOut: KRB, isSilent: true },
  krbsrvname: { env: "PGKRBSRVNAME", leftOut: KRB, isSilent: true },
  requirepeer: { env: "PGREQUIREPEER", leftOut: "Node cannot ask who owns a socket" },
  min_protocol_version: { env: "PGMINPROTOCOLVERSION", leftOut: "changeover speaks protocol 3.0", isSilent: true },
  max_protocol_version: { env: "PGMAXPROTOCOLVERSION", leftOut: "changeover speaks protocol 3.0", isSilent: true },
  replication: { leftOut: "changeover needs no replication connection", isSilent: true },
  scram_client_key: { leftOut: "give the password" },
  scram_server_key: { leftOut: "give the password" },
  // The schema of the user's tables: ours and Prisma's.
  schema: {},
  // The schema of a run's state: ours.
  state_schema: {},
  search_path: {},
  // Settings of tools that share the URL.
  pgbouncer: { leftOut: "changeover finds out whether a pooler is there" },
  connection_limit: { leftOut: "--jobs limits the connections" },
  pool_timeout: { leftOut: TOOL },
  pool_size: { leftOut: TOOL },
  max: { leftOut: TOOL },
  socket_timeout: { leftOut: TOOL },
  statement_cache_size: { leftOut: TOOL },
  prepareThreshold: { leftOut: TOOL },
  prepared_statements: { leftOut: TOOL },
  default_query_exec_mode: { leftOut: TOOL },
  sslaccept: { leftOut: "sslmode says it" },
  sslidentity: { leftOut: "sslcert and sslkey say it" },
  uselibpqcompat: { leftOut: "changeover is compatible with libpq" },
  supa: { leftOut: TOOL },
  workaround: { leftOut: TOOL },
  pool: { leftOut: TOOL },
  serverVersion: { leftOut: TOOL },
  charset: { leftOut: TOOL },
} as const satisfies Readonly<Record<string, Parameter>>;

const TABLE: Readonly<Record<string, Parameter>> = PARAMETERS;

/** Spellings of other drivers, as libpq would have them. */
export const PARAMETER_ALIASES: Readonly<Record<string, (value: string) => [string, string]>> = {
  ssl: (value) => [
    "sslmode",
    /^(true|1|require)$/i.test(value) ? "require" : /^(false|0)$/i.test(value) ? "disable" : value,
  ],
  requiressl: (value) => ["sslmode", value === "1" ? "require" : "prefer"],
  database: (value) => ["dbname", value],
  username: (value) => ["user", value],
  currentSchema: (value) => ["schema", value],
};

export function isKnownParameter(name: string): boolean {
  return Object.hasOwn(TABLE, name) || Object.hasOwn(PARAMETER_ALIASES, name);
}

/** Parameters that environment variables give. */
export function environmentValues(environment: Readonly<Record<string, string | undefined>>): ConnectionValues {
  const values = new Map<string, string>();
  for (const [name, { env }] of Object.entries(TABLE)) {
    const value = env === undefined ? undefined : environment[env];
    if (value !== undefined && value !== "") values.set(name, value);
  }
  if (!values.has("sslmode") && environment["PGREQUIRESSL"] === "1") values.set("sslmode", "require");
  return values;
}

/** A parameter that has no effect here, and why. */
export interface LeftOutParameter {
  readonly name: string;
  readonly why: string;
}

/** Refuses unknown parameters, as libpq does: a misspelt sslmode must not mean plain text. */
export function parametersLeftOut(values: ConnectionValues): LeftOutParameter[] {
  const leftOut: LeftOutParameter[] = [];
  for (const [name, value] of values) {
    const parameter = TABLE[name];
    if (parameter === undefined)
      throw parameterError(
        `the target has the parameter ${name}, which PostgreSQL's URLs do not have`,
        "correct its name, or remove it; a setting of the server is given as options=-c%20name%3Dvalue",
      );
    if (name === "gssencmode" && value === "require")
      throw parameterError(
        "the target asks for gssencmode=require, and changeover encrypts by TLS only",
        "give sslmode",
      );
    if (name === "channel_binding" && value !== "require") continue;
    if (parameter.leftOut !== undefined && parameter.isSilent !== true) leftOut.push({ name, why: parameter.leftOut });
  }
  return leftOut;
}

export function parameterError(message: string, hint?: string, cause?: unknown): UsageError {
  return new UsageError({
    code: "TARGET_URL",
    message,
    hint: hint ?? "give --target postgres://user:password@host:5432/database",
    cause,
  });
}
