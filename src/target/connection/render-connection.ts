import { type Connection, type Endpoint, isSocketDirectory, resolveConnection } from "./resolve-connection.ts";

/** `postgres://user@host:port/database`, safe to show. */
export function connectionLocation({ database, endpoints, user }: Connection): string {
  return `postgres://${encodeURIComponent(user)}@${renderHosts(endpoints)}/${encodeURIComponent(database)}`;
}

/** Schemas that were given apart from the connection. */
export interface GivenSchemas {
  /** Null: none, whatever the connection says. */
  readonly schema?: string | null | undefined;
  readonly stateSchema?: string | undefined;
}

/**
 * What a given string means, with these schemas, as one URL that needs no environment, service or default: for another
 * process.
 */
export function runUrl(given: string, { schema, stateSchema }: GivenSchemas = {}): string {
  const connection = resolveConnection(given);
  const values = new Map(connection.values);
  if (schema !== undefined) {
    values.delete("search_path");
    if (schema === null) values.delete("schema");
    else values.set("schema", schema);
  }
  if (stateSchema !== undefined) values.set("state_schema", stateSchema);
  return renderUrl({ ...connection, values });
}

/** The same connection without a schema of the user's tables. */
export function withoutSchema(given: string): string {
  const connection = resolveConnection(given);
  const values = new Map(connection.values);
  values.delete("schema");
  values.delete("search_path");
  return renderUrl({ ...connection, values });
}

/** The same connection by TLS: with a certificate of an authority that is known here, or with any certificate. */
export function withCertificateCheck(given: string, isChecked: boolean): string {
  const connection = resolveConnection(given);
  const values = new Map(connection.values);
  values.set("sslmode", isChecked ? "verify-full" : "require");
  if (!isChecked) values.delete("sslrootcert");
  else if (!values.has("sslrootcert")) values.set("sslrootcert", "system");
  return renderUrl({ ...connection, values });
}

/** The same connection to another database of the server. */
export function withDatabase(given: string, database: string): string {
  return renderUrl({ ...resolveConnection(given), database });
}

const IN_AUTHORITY = ["host", "hostaddr", "port", "user", "password", "dbname"];

export function renderUrl(connection: Connection): string {
  const { database, endpoints, user, values } = connection;
  const password = values.get("password") ?? "";
  const login = `${encodeURIComponent(user)}${password === "" ? "" : `:${encodeURIComponent(password)}`}@`;
  const query = [...values].filter(([name, value]) => !IN_AUTHORITY.includes(name) && value !== "");
  if (endpoints.some(({ address }) => address !== null))
    query.push(["hostaddr", endpoints.map(({ address }) => address ?? "").join(",")]);
  const written = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return (
    `postgres://${login}${renderHosts(endpoints)}/${encodeURIComponent(database)}` +
    (written === "" ? "" : `?${written}`)
  );
}

function renderHosts(endpoints: readonly Endpoint[]): string {
  return endpoints.map(renderHost).join(",");
}

function renderHost({ host, port }: Endpoint): string {
  const name = isSocketDirectory(host) ? encodeURIComponent(host) : host.includes(":") ? `[${host}]` : host;
  return `${name}:${port}`;
}
