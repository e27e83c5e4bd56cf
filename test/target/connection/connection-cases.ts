/** What the cases may name; the page shows other values than the test has. */
export interface World {
  readonly port: number;
  readonly closedPort: number;
  /** A port of ::1 that leads to the server. */
  readonly port6: number;
  readonly sockets: string;
  readonly ca: string;
  readonly otherCa: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** The same key, which others may read. */
  readonly openKey: string;
  readonly passwords: string;
  readonly openPasswords: string;
  readonly services: string;
}

export interface ConnectionCase {
  /** Its own id for the short test and for the page. */
  readonly text: (world: World) => string;
  readonly env?: (world: World) => Readonly<Record<string, string>>;
  /** The server's certificate. Default: a good one for localhost. */
  readonly server?: "good" | "expired" | "none";
  /** What both drivers and libpq do. */
  readonly outcome: string;
  /** What libpq does where it differs, and why. */
  readonly libpq?: { readonly outcome: string; readonly why: string };
  /** Also in the short test. */
  readonly isShort?: true;
}

const PLAIN = "app@shop, plain";
const TLS = "app@shop, TLS";
const at = (rest: string) => (world: World) => `postgres://app:secret@localhost:${world.port}/shop${rest}`;
const NEWER = { outcome: "refused: parameter", why: "libpq has it from 17 on, psql here is 15" };
const ONLY_OURS = { outcome: "refused: parameter", why: "a parameter of another tool: left out here, and said" };

const MODES: readonly ConnectionCase[] = [
  { text: at(""), outcome: TLS, isShort: true },
  { text: at("?sslmode=disable"), outcome: PLAIN, isShort: true },
  { text: at("?sslmode=allow"), outcome: PLAIN },
  { text: at("?sslmode=prefer"), outcome: TLS },
  { text: at("?sslmode=require"), outcome: TLS },
  { text: at("?ssl=true"), outcome: TLS },
  { text: at("?sslmode=verify-ca"), outcome: "refused: file" },
  { text: at("?sslmode=verify-full"), outcome: "refused: file", isShort: true },
  { text: (w) => at(`?sslmode=verify-ca&sslrootcert=${w.ca}`)(w), outcome: TLS },
  { text: (w) => at(`?sslmode=verify-full&sslrootcert=${w.ca}`)(w), outcome: TLS, isShort: true },
  { text: (w) => at(`?sslmode=require&sslrootcert=${w.ca}`)(w), outcome: TLS },
  { text: (w) => at(`?sslmode=require&sslrootcert=${w.otherCa}`)(w), outcome: "refused: authority" },
  { text: (w) => at(`?sslmode=verify-ca&sslrootcert=${w.otherCa}`)(w), outcome: "refused: authority" },
  {
    text: (w) => at(`?sslmode=verify-full&sslrootcert=${w.otherCa}`)(w),
    outcome: "refused: authority",
    isShort: true,
  },
  { text: (w) => at(`?sslmode=prefer&sslrootcert=${w.otherCa}`)(w), outcome: PLAIN },
  {
    text: at("?sslmode=verify-full&sslrootcert=system"),
    outcome: "refused: authority",
    libpq: { outcome: "refused: file", why: "libpq has it from 16 on, psql here is 15" },
  },
  {
    text: at("?sslmode=require&sslrootcert=system"),
    outcome: "refused: parameter",
    libpq: { outcome: TLS, why: "libpq 16 refuses it too, psql here is 15" },
  },
  { text: at("?sslmode=require&sslnegotiation=direct"), outcome: TLS, libpq: NEWER, isShort: true },
  { text: at("?sslmode=prefer&sslnegotiation=direct"), outcome: "refused: parameter" },
  { text: at("?sslmode=strict"), outcome: "refused: parameter" },
  { text: at("?sslmod=require"), outcome: "refused: parameter", isShort: true },
  {
    text: (w) => `postgres://app:secret@127.0.0.1:${w.port}/shop?sslmode=verify-full&sslrootcert=${w.ca}`,
    outcome: "refused: host name",
    isShort: true,
  },
  {
    text: (w) => `postgres://app:secret@127.0.0.1:${w.port}/shop?sslmode=verify-ca&sslrootcert=${w.ca}`,
    outcome: TLS,
  },
  {
    text: (w) =>
      `postgres://app:secret@db.example:${w.port}/shop?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${w.ca}`,
    outcome: "refused: host name",
  },
  {
    text: (w) =>
      `postgres://app:secret@localhost:${w.port}/shop?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=${w.ca}`,
    outcome: TLS,
  },
];

const SERVERS: readonly ConnectionCase[] = [
  { server: "expired", text: at("?sslmode=require"), outcome: TLS },
  {
    server: "expired",
    text: (w) => at(`?sslmode=verify-ca&sslrootcert=${w.ca}`)(w),
    outcome: "refused: expired",
    isShort: true,
  },
  { server: "expired", text: (w) => at(`?sslmode=verify-full&sslrootcert=${w.ca}`)(w), outcome: "refused: expired" },
  { server: "none", text: at(""), outcome: PLAIN },
  { server: "none", text: at("?sslmode=allow"), outcome: PLAIN },
  { server: "none", text: at("?sslmode=require"), outcome: "refused: no TLS", isShort: true },
  { server: "none", text: (w) => at(`?sslmode=verify-full&sslrootcert=${w.ca}`)(w), outcome: "refused: no TLS" },
  { server: "none", text: at(""), env: () => ({ PGSSLMODE: "require" }), outcome: "refused: no TLS" },
];

const CLIENTS: readonly ConnectionCase[] = [
  {
    text: (w) =>
      `postgres://certified@localhost:${w.port}/shop?sslmode=require&sslcert=${w.clientCertificate}` +
      `&sslkey=${w.clientKey}`,
    outcome: "certified@shop, TLS",
    isShort: true,
  },
  {
    text: (w) => `postgres://certified@localhost:${w.port}/shop?sslmode=require`,
    outcome: "refused: client certificate",
    isShort: true,
  },
  {
    text: (w) =>
      `postgres://certified@localhost:${w.port}/shop?sslmode=require&sslcert=${w.clientCertificate}` +
      `&sslkey=${w.openKey}`,
    outcome: "refused: file",
  },
  {
    text: (w) => `postgres://certified@localhost:${w.port}/shop?sslmode=require&sslcert=${w.clientCertificate}`,
    outcome: "refused: file",
  },
  {
    text: (w) => `postgres://tls_only:secret@localhost:${w.port}/shop?sslmode=disable`,
    outcome: "refused: TLS required",
    isShort: true,
  },
  { text: (w) => `postgres://tls_only:secret@localhost:${w.port}/shop?sslmode=allow`, outcome: "tls_only@shop, TLS" },
  { text: (w) => `postgres://plain_only:secret@localhost:${w.port}/shop`, outcome: "plain_only@shop, plain" },
  {
    text: (w) => `postgres://plain_only:secret@localhost:${w.port}/shop?sslmode=require`,
    outcome: "refused: login",
  },
];

const FORMS: readonly ConnectionCase[] = [
  { text: (w) => `host=localhost port=${w.port} user=app password=secret dbname=shop`, outcome: TLS, isShort: true },
  {
    text: (w) => `host=localhost port=${w.port} user='odd user' password='p\\'a:ss/w@rd %' dbname='odd/base é'`,
    outcome: "odd user@odd/base é, TLS",
  },
  {
    text: (w) => `postgresql://odd%20user:p%27a%3Ass%2Fw%40rd%20%25@localhost:${w.port}/odd%2Fbase%20%C3%A9`,
    outcome: "odd user@odd/base é, TLS",
    isShort: true,
  },
  {
    text: (w) => `postgres://app@localhost:${w.port}/shop?password=secret&user=tls_only`,
    outcome: "tls_only@shop, TLS",
  },
  { text: (w) => `postgres:///shop?host=localhost&port=${w.port}&user=app&password=secret`, outcome: TLS },
  { text: (w) => `postgres:///shop?host=${w.sockets}&port=${w.port}&user=app&password=secret`, outcome: PLAIN },
  {
    text: (w) => `postgres://app:secret@${encodeURIComponent(w.sockets)}:${w.port}/shop?sslmode=require`,
    outcome: PLAIN,
    isShort: true,
  },
  { text: (w) => `postgres://app:secret@[::1]:${w.port6}/shop`, outcome: TLS },
  {
    text: (w) => `postgres://app:secret@localhost:${w.closedPort},localhost:${w.port}/shop`,
    outcome: TLS,
    isShort: true,
  },
  {
    text: (w) =>
      `postgres://app:secret@localhost:${w.closedPort},localhost:${w.port}/shop?target_session_attrs=read-write`,
    outcome: TLS,
  },
  {
    text: (w) => `postgres://app:secret@localhost:${w.port}/shop?target_session_attrs=standby`,
    outcome: "refused: session",
    isShort: true,
  },
  { text: (w) => `postgres://app:secret@localhost:${w.port}/shop?target_session_attrs=prefer-standby`, outcome: TLS },
  { text: (w) => `postgres://app:secret@localhost:${w.closedPort}/shop`, outcome: "refused: unreachable" },
  { text: (w) => `postgres://app:wrong@localhost:${w.port}/shop`, outcome: "refused: login" },
  { text: (w) => `postgres://app@localhost:${w.port}/shop`, outcome: "refused: login" },
  { text: (w) => `postgres://app:secret@localhost:${w.port}/missing`, outcome: "refused: no database" },
  { text: (w) => `postgres://app:secret@localhost:${w.port}`, outcome: "refused: no database" },
];

const PARAMETERS: readonly ConnectionCase[] = [
  { text: at("?channel_binding=require&sslmode=require"), outcome: TLS, isShort: true },
  {
    text: at("?channel_binding=prefer&gssencmode=disable&keepalives=1&keepalives_idle=10&connect_timeout=5"),
    outcome: TLS,
  },
  { text: at("?gssencmode=require"), outcome: "refused: parameter" },
  { text: at("?application_name=shop&tcp_user_timeout=1000&krbsrvname=x&sslsni=1"), outcome: TLS },
  { text: at("?options=-c%20search_path%3Dpg_catalog"), outcome: TLS },
  { text: at("?ssl_min_protocol_version=TLSv1.3"), outcome: TLS },
  { text: at("?schema=public&pgbouncer=true&connection_limit=1"), outcome: TLS, libpq: ONLY_OURS, isShort: true },
];

const ENVIRONMENT: readonly ConnectionCase[] = [
  {
    text: () => "postgres://",
    env: (w) => ({
      PGHOST: "localhost",
      PGPORT: String(w.port),
      PGUSER: "app",
      PGPASSWORD: "secret",
      PGDATABASE: "shop",
    }),
    outcome: TLS,
    isShort: true,
  },
  { text: at(""), env: () => ({ PGSSLMODE: "disable" }), outcome: PLAIN },
  { text: at("?sslmode=require"), env: () => ({ PGSSLMODE: "disable" }), outcome: TLS },
  {
    text: at("?sslmode=verify-full"),
    env: (w) => ({ PGSSLROOTCERT: w.otherCa }),
    outcome: "refused: authority",
  },
  { text: at("?sslmode=verify-full"), env: (w) => ({ PGSSLROOTCERT: w.ca }), outcome: TLS, isShort: true },
  {
    text: (w) => `postgres://app@localhost:${w.port}/shop`,
    env: (w) => ({ PGPASSFILE: w.passwords }),
    outcome: TLS,
    isShort: true,
  },
  {
    text: (w) => `postgres://app@localhost:${w.port}/shop`,
    env: (w) => ({ PGPASSFILE: w.openPasswords }),
    outcome: "refused: login",
    isShort: true,
  },
  { text: (w) => `postgres://app@localhost:${w.port}/shop?passfile=${w.passwords}`, outcome: TLS },
  { text: () => "service=shop", env: (w) => ({ PGSERVICEFILE: w.services }), outcome: TLS, isShort: true },
  {
    text: () => "postgres://?service=shop&sslmode=disable",
    env: (w) => ({ PGSERVICEFILE: w.services }),
    outcome: PLAIN,
  },
  { text: () => "postgres://", env: (w) => ({ PGSERVICEFILE: w.services, PGSERVICE: "shop" }), outcome: TLS },
  { text: () => "service=missing", env: (w) => ({ PGSERVICEFILE: w.services }), outcome: "refused: parameter" },
];

export const CONNECTION_CASES: readonly ConnectionCase[] = [
  ...MODES,
  ...CLIENTS,
  ...FORMS,
  ...PARAMETERS,
  ...ENVIRONMENT,
  ...SERVERS,
];
