/**
 * Brings the spellings of a libpq URL into one form that postgres.js understands
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS): host, port, user, password and
 * dbname as parameters, or no host after the `@`. A Unix socket is given by its directory as host, percent-encoded.
 * Other URLs, and texts that are not a URL, stay as they are: their user reports them.
 */
export function canonicalUrl(given: string): string {
  let url: URL;
  try {
    url = new URL(withPlusAsIs(given.replace(NOTHING_BEHIND_LOGIN, `$1${NO_HOST}`)));
  } catch {
    return given;
  }
  if (!/^postgres(ql)?:$/.test(url.protocol)) return given;
  const isNamed = PARAMETERS.some((name) => url.searchParams.has(name));
  if (!isNamed && url.hostname !== NO_HOST) return given;
  const take = (name: string, otherwise: string, encode: (value: string) => string = encodeURIComponent) => {
    const value = url.searchParams.get(name);
    url.searchParams.delete(name);
    return value === null || value === "" ? otherwise : encode(value);
  };
  const elsewhere =
    url.hostname === NO_HOST || url.hostname === "" ? encodeHost(process.env["PGHOST"] || "localhost") : url.hostname;
  const host = take("host", elsewhere, encodeHost);
  const port = take("port", url.port);
  const user = take("user", url.username);
  const password = take("password", url.password);
  const database = take("dbname", url.pathname.slice(1));
  // libpq does not encrypt on a Unix socket, either.
  if (isSocket(host))
    for (const name of [...url.searchParams.keys()]) if (name.startsWith("ssl")) url.searchParams.delete(name);
  const login = user === "" ? "" : `${user}${password === "" ? "" : `:${password}`}@`;
  return `postgres://${login}${host}${port === "" ? "" : `:${port}`}/${database}${url.search}`;
}

/** `postgres://user@/database`. A second @ means that the slash belongs to the password. */
const NOTHING_BEHIND_LOGIN = /^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[/?]|$)(?![^?#]*@)/i;
const NO_HOST = "no-host.invalid";
const PARAMETERS = ["host", "port", "user", "password", "dbname"];

/** URLSearchParams decodes `+` as a space, libpq does not. */
function withPlusAsIs(url: string): string {
  const [before = "", ...query] = url.split("?");
  return query.length === 0 ? before : `${before}?${query.join("?").replaceAll("+", "%2B")}`;
}

function encodeHost(host: string): string {
  return host.includes(":") ? `[${host}]` : encodeURIComponent(host);
}

function isSocket(host: string): boolean {
  return /^%2f/i.test(host);
}

/** The socket directory that a URL names, for postgres.js, which does not decode it (3.4.9); empty for other URLs. */
export function socketOf(url: string): { readonly host?: string } {
  const { hostname } = new URL(url);
  return isSocket(hostname) ? { host: decodeURIComponent(hostname) } : {};
}
