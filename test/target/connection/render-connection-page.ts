import { fileURLToPath } from "node:url";
import { CONNECTION_CASES, type ConnectionCase, type World } from "./connection-cases.ts";

export const CONNECTION_PAGE = fileURLToPath(new URL("../../../docs/reference/connection-strings.md", import.meta.url));

/** What the page shows in place of the test's ports and files. */
const SHOWN: World = {
  port: 5432,
  closedPort: 5431,
  port6: 5432,
  sockets: "/var/run/postgresql",
  ca: "ca.crt",
  otherCa: "other-ca.crt",
  clientCertificate: "client.crt",
  clientKey: "client.key",
  openKey: "open.key",
  passwords: "passwords",
  openPasswords: "open-passwords",
  services: "services",
};

/** docs/reference/connection-strings.md. */
export function renderConnectionPage(): string {
  const rows = CONNECTION_CASES.map(
    (one) => `| ${[given(one), SERVER[one.server ?? "good"], one.outcome, libpq(one)].join(" | ")} |`,
  );
  return [
    "# Connection strings",
    "",
    "What `--target`, `CHANGEOVER_TARGET` and `DATABASE_URL` may hold, and what comes of it. libpq is the measure:",
    "what psql takes, changeover takes. A test asks psql 15 and both of changeover's drivers, postgres.js and",
    "node-postgres, for each row; it fails where one of them differs from this page. Written by",
    "`WRITE_PAGES=1 npx vitest run --project long test/target/connection`.",
    "",
    "The server is PostgreSQL 18 with a certificate of a private authority, `ca.crt`, for the name `localhost`; the",
    "test asks 14 too. Nobody listens on port 5431. The file `open.key` and the file `open-passwords` may be read by",
    "others. No `~/.postgresql/root.crt` is there.",
    "",
    "| connection string, environment | server | both drivers | psql, where it differs |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "## What is taken and what is left out",
    "",
    "`sslmode` and all `ssl…` parameters, `hostaddr`, several hosts with `target_session_attrs` and",
    "`load_balance_hosts`, `options`, `application_name`, `connect_timeout` (default: 10 s), `keepalives`,",
    "`passfile`, `service` and the environment variables of all of these work as in libpq. `schema=` and",
    "`search_path=` name the schema of your tables, as `--schema` does.",
    "",
    "A parameter of another tool, such as Prisma's `pgbouncer` and `connection_limit`, is left out, and the command",
    "says so. So are `channel_binding=require` and `require_auth`, which the drivers cannot do: give",
    "`sslmode=verify-full`. An unknown parameter is refused, so that a misspelt `sslmode` never means plain text.",
    "",
  ].join("\n");
}

const SERVER = { good: "TLS", expired: "TLS, expired", none: "no TLS" } as const;

function given({ env, text }: ConnectionCase): string {
  const variables = Object.entries(env?.(SHOWN) ?? {}).map(([name, value]) => `${name}=${value}`);
  return [text(SHOWN), ...variables].map((one) => `\`${one}\``).join(" ");
}

function libpq({ libpq: other }: ConnectionCase): string {
  return other === undefined ? "" : `${other.outcome} (${other.why})`;
}
