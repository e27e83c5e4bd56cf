/**
 * One form for what libpq's URLs may say of where a server is (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS):
 * host, port, user, password and dbname among the parameters, or no host behind the `@`. A Unix socket is named by its directory as the host, with
 * its slashes encoded. As it is where it is no URL: whoever uses it says so.
 */
export function canonicalUrl(given: string): string {
  let url: URL;
  try {
    url = new URL(given.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[/?]|$)/i, `$1${NO_HOST}`));
  } catch {
    return given;
  }
  if (!/^postgres(ql)?:$/.test(url.protocol)) return given;
  const take = (name: string, otherwise: string) => {
    const value = url.searchParams.get(name);
    url.searchParams.delete(name);
    return value === null ? otherwise : encodeURIComponent(value);
  };
  const named = PARAMETERS.some((name) => url.searchParams.has(name));
  if (!named && url.hostname !== NO_HOST) return given;
  const host = take("host", url.hostname === NO_HOST ? "" : url.hostname);
  const port = take("port", url.port);
  const user = take("user", url.username);
  const password = take("password", url.password);
  const database = take("dbname", url.pathname.slice(1));
  const login = user === "" ? "" : `${user}${password === "" ? "" : `:${password}`}@`;
  return `postgres://${login}${host === "" ? "localhost" : host}${port === "" ? "" : `:${port}`}/${database}${url.search}`;
}

const NO_HOST = "no-host.invalid";
const PARAMETERS = ["host", "port", "user", "password", "dbname"];

/** The directory of the Unix socket that a URL names, for postgres.js, which does not decode it (3.4.9); nothing for other URLs. */
export function socketOf(url: string): { readonly host?: string } {
  const { hostname } = new URL(url);
  return /^%2f/i.test(hostname) ? { host: decodeURIComponent(hostname) } : {};
}
