import type { ErrorTable } from "./error-meaning.ts";

/** The way to the target: TLS, poolers, hosts and what its server is. */
export const CONNECTION_ERRORS = {
  TARGET_TLS_UNSUPPORTED: {
    meaning: "The target's server has no TLS, and `sslmode` demands it.",
    next: "Set `ssl = on` at the server; `sslmode=disable` sends everything in plain text.",
  },
  TARGET_TLS_REQUIRED: {
    meaning: "The target's server accepts the role over TLS only.",
    next: "Give `sslmode=require` or stronger.",
  },
  TARGET_TLS_AUTHORITY: {
    meaning: "The server's certificate comes from an authority that `sslrootcert` does not have.",
    next: "Give the authority's certificate as `sslrootcert=FILE`, or `sslrootcert=system` for a public one.",
  },
  TARGET_TLS_EXPIRED: {
    meaning: "The server's certificate is not valid at this time.",
    next: "Renew it, and check this machine's clock.",
  },
  TARGET_TLS_REVOKED: {
    meaning: "The server's certificate is revoked by the list of `sslcrl`.",
    next: "Give the server a new certificate, or correct `sslcrl`.",
  },
  TARGET_TLS_HOST_NAME: {
    meaning: "The server's certificate is for another host name.",
    next: "Connect by a name that it has; `sslmode=verify-ca` does not compare names.",
  },
  TARGET_TLS_CLIENT_CERTIFICATE: {
    meaning: "The server asks for a client certificate that it trusts.",
    next: "Give it as `sslcert=FILE` and `sslkey=FILE`.",
  },
  TARGET_TLS_FILE: {
    meaning: "A file of `sslrootcert`, `sslcert`, `sslkey` or `sslcrl` is missing or not private.",
    next: "Correct the parameter, or the file's permissions: a key is for its owner alone.",
  },
  TARGET_TLS_FAILED: {
    meaning: "Server and changeover did not agree on TLS.",
    next: "Check that the port is PostgreSQL's, and the parameters that begin with ssl.",
  },
  TARGET_SESSION_ATTRS: {
    meaning: "No host of the target is what `target_session_attrs` asks for.",
    next: "Name the primary's host too.",
  },
  TARGET_POOLER: {
    meaning: "The target is a pooler in transaction mode, and the command needs a session of its own.",
    next: "Give the server's own address: the hint names it where the host's name tells.",
  },
  TARGET_SCHEMA_MISSING: {
    meaning: "The schema of `--schema` does not exist, or the role may not use it.",
    next: "Create it: `CREATE SCHEMA … AUTHORIZATION …`.",
  },
  TARGET_VERSION: {
    meaning: "The target's PostgreSQL is older than 14.",
    next: "Give a newer server.",
  },
  TARGET_READ_ONLY: {
    meaning: "The target takes no writes: it is a standby, or `default_transaction_read_only` is on.",
    next: "Give the primary's host, or find who set it read-only.",
  },
  TARGET_STANDBY: {
    meaning: "The server's commits wait for a synchronous standby, and none is connected.",
    next: "Connect the standby, or empty `synchronous_standby_names`.",
  },
  TARGET_ENCODING: {
    meaning: "The target database's encoding is not UTF8.",
    next: "`createdb --encoding UTF8 --template template0 NAME`.",
  },
} as const satisfies ErrorTable;
