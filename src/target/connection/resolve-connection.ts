import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { TargetError } from "../../errors.ts";
import { DEFAULT_STATE_SCHEMA, isStateSchemaName } from "../state-schema.ts";
import {
  type ConnectionValues,
  environmentValues,
  type LeftOutParameter,
  parameterError,
  parametersLeftOut,
} from "./connection-parameters.ts";
import { parseConnectionString } from "./parse-connection-string.ts";
import { DEFAULT_SOCKET_DIRECTORIES, type PasswordFile, passwordFor, readPasswordFile } from "./password-file.ts";
import { serviceValues } from "./service-file.ts";
import { type TlsSettings, tlsSettings } from "./tls-settings.ts";

/** One server to try. */
export interface Endpoint {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  /** The address to connect to instead of looking up the name. */
  readonly address: string | null;
  readonly port: number;
  readonly password: string | null;
}

const SESSION_ATTRIBUTES = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
export type SessionAttributes = (typeof SESSION_ATTRIBUTES)[number];

/** Everything that a connection string, its service, the environment and the password file say. */
export interface Connection {
  /** As given and completed; without what the password file holds. */
  readonly values: ConnectionValues;
  readonly endpoints: readonly Endpoint[];
  readonly user: string;
  readonly database: string;
  /** `-c name=value`, sent to the server when a session starts. */
  readonly options: string | null;
  readonly applicationName: string;
  readonly connectTimeoutSeconds: number;
  readonly sessionAttributes: SessionAttributes;
  /** Milliseconds of silence before TCP asks; null: never. */
  readonly keepAliveMs: number | null;
  /** The schema of the user's tables; null: the first of the server's search_path. */
  readonly schema: string | null;
  /** The schema of the run's state. */
  readonly stateSchema: string;
  readonly tls: TlsSettings;
  readonly leftOut: readonly LeftOutParameter[];
  /** Why a password file does not count. */
  readonly passwordFileIgnored: string | null;
}

export interface ResolveOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_TIMEOUT_SECONDS = 10;

/** In libpq's order: the string, its service, the environment, the defaults. */
export function resolveConnection(given: string, { environment = process.env }: ResolveOptions = {}): Connection {
  const home = environment["HOME"] || homedir();
  const values = completed(parseConnectionString(given), environment, home);
  const get = (name: string) => values.get(name) || null;
  const user = get("user") ?? systemUser();
  const database = get("dbname") ?? user;
  const passwordFile: PasswordFile =
    get("password") === null ? readPasswordFile(get("passfile") ?? join(home, ".pgpass")) : { state: "missing" };
  return {
    values,
    endpoints: endpointsOf(values).map((endpoint) => ({
      ...endpoint,
      password: get("password") ?? passwordFor(passwordFile, { ...endpoint, database, user }),
    })),
    user,
    database,
    options: get("options"),
    applicationName: get("application_name") ?? "changeover",
    connectTimeoutSeconds: timeoutOf(values),
    sessionAttributes: attributesOf(get("target_session_attrs") ?? "any"),
    keepAliveMs: get("keepalives") === "0" ? null : 1_000 * wholeNumber(values, "keepalives_idle", 30),
    schema: userSchema(get("schema") ?? firstSchema(get("search_path"))),
    stateSchema: stateSchemaOf(get("state_schema")),
    tls: tlsSettings(values, home),
    leftOut: parametersLeftOut(values),
    passwordFileIgnored: passwordFile.state === "ignored" ? `${passwordFile.path}: ${passwordFile.why}` : null,
  };
}

function completed(
  given: ConnectionValues,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): ConnectionValues {
  const fromEnvironment = environmentValues(environment);
  const service = given.get("service") ?? fromEnvironment.get("service");
  const file = given.get("servicefile") ?? fromEnvironment.get("servicefile");
  const ofService = service === undefined ? new Map() : serviceValues(service, { environment, given: file, home });
  const values = new Map([...fromEnvironment, ...ofService, ...given]);
  // They are answered, and would be asked again by a process that gets these values.
  values.delete("service");
  values.delete("servicefile");
  return values;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw parameterError("the target names no user, and this process has none", "give user=… or PGUSER");
  }
}

type Place = Omit<Endpoint, "password">;

function endpointsOf(values: ConnectionValues): Place[] {
  const list = (name: string) => (values.get(name) || "").split(",");
  const ports = list("port").map((port) => portOf(port));
  const addresses = list("hostaddr");
  const named = list("host");
  const hosts = values.get("host") || !values.get("hostaddr") ? named : addresses.map(() => "");
  if (addresses.length > 1 && addresses.length !== hosts.length)
    throw parameterError(`the target has ${hosts.length} hosts and ${addresses.length} of hostaddr`, "give as many");
  if (ports.length > 1 && ports.length !== hosts.length)
    throw parameterError(
      `the target has ${hosts.length} hosts and ${ports.length} ports`,
      "give one port, or one for each",
    );
  return hosts.map((host, index) => {
    const port = ports[index] ?? ports[0] ?? 5432;
    const address = addresses[index] || null;
    return { host: host || address || defaultHost(port), address, port };
  });
}

/** Where packages put the socket of a local server; localhost if none is there. */
function defaultHost(port: number): string {
  return DEFAULT_SOCKET_DIRECTORIES.find((directory) => existsSync(socketPath(directory, port))) ?? "localhost";
}

export function socketPath(directory: string, port: number): string {
  return `${directory}/.s.PGSQL.${port}`;
}

export function isSocketDirectory(host: string): boolean {
  return host.startsWith("/") || host.startsWith("@");
}

function portOf(text: string): number {
  const port = text === "" ? 5432 : Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw parameterError(`the target's port is ${text}, which is no port`, "give a number from 1 to 65535, such as 5432");
}

function wholeNumber(values: ConnectionValues, name: string, otherwise: number): number {
  const text = values.get(name) || "";
  if (text === "") return otherwise;
  const number = Number(text);
  if (Number.isInteger(number)) return number;
  throw parameterError(`the target's ${name} is ${text}, which is no whole number`, `correct ${name}`);
}

/** 0 and less: libpq waits for ever, we do not. */
function timeoutOf(values: ConnectionValues): number {
  const seconds = wholeNumber(values, "connect_timeout", DEFAULT_TIMEOUT_SECONDS);
  return seconds > 0 ? Math.max(2, seconds) : 24 * 3_600;
}

function attributesOf(text: string): SessionAttributes {
  const found = SESSION_ATTRIBUTES.find((attributes) => attributes === text);
  if (found === undefined)
    throw parameterError(
      `target_session_attrs is ${text}, which is none of ${SESSION_ATTRIBUTES.join(", ")}`,
      "correct target_session_attrs",
    );
  return found;
}

function stateSchemaOf(given: string | null): string {
  if (given === null || isStateSchemaName(given)) return given ?? DEFAULT_STATE_SCHEMA;
  throw new TargetError({
    code: "STATE_SCHEMA_NAME",
    message: `${given} cannot be a state schema: its name is changeover, or begins with changeover_`,
    hint: "give --state-schema changeover_NAME, of letters, digits, _ and -, 63 at most",
    context: { schema: given },
  });
}

/** Schemas whose names are those of states hold no tables of users: every run leaves them out. */
function userSchema(given: string | null): string | null {
  if (given === null || !isStateSchemaName(given)) return given;
  throw new TargetError({
    code: "STATE_SCHEMA_NAME",
    message: `the schema of the tables cannot be ${given}: that is the name of a run's state`,
    hint: "give another --schema; the state's own is --state-schema",
    context: { schema: given },
  });
}

/** The first name of a search_path. */
function firstSchema(path: string | null): string | null {
  const match = /^\s*(?:"((?:[^"]|"")*)"|([^\s,"]+))/.exec(path ?? "");
  if (match === null) return null;
  return match[1]?.replaceAll('""', '"') ?? match[2]?.toLowerCase() ?? null;
}
