import { TargetError } from "../../errors.ts";
import { failureError, type KnownFailure } from "./known-failure.ts";

const UNKNOWN_AUTHORITY: KnownFailure = {
  code: "TARGET_TLS_AUTHORITY",
  message: "the certificate of the target's server comes from an authority that sslrootcert does not have",
  hint: "give its certificate as sslrootcert=FILE, or sslrootcert=system for a public authority",
};
const EXPIRED: KnownFailure = {
  code: "TARGET_TLS_EXPIRED",
  message: "the certificate of the target's server is not valid at this time",
  hint: "renew the server's certificate, and check this machine's clock; sslmode=require goes on without verification",
};
const NO_CLIENT_CERTIFICATE: KnownFailure = {
  code: "TARGET_TLS_CLIENT_CERTIFICATE",
  message: "the target's server asks for a client certificate that it trusts",
  hint: "give it as sslcert=FILE and sslkey=FILE; its authority is the server's ssl_ca_file",
};

const BY_CODE: Readonly<Record<string, KnownFailure>> = {
  CERT_HAS_EXPIRED: EXPIRED,
  CERT_NOT_YET_VALID: EXPIRED,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
  INVALID_CA: UNKNOWN_AUTHORITY,
  CERT_REVOKED: {
    code: "TARGET_TLS_REVOKED",
    message: "the certificate of the target's server is revoked by the list of sslcrl",
    hint: "give the server a new certificate, or correct sslcrl",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: "TARGET_TLS_HOST_NAME",
    message: "the certificate of the target's server is for another host name",
    hint: "connect by a name that the certificate has, or give sslmode=verify-ca, which does not compare names",
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: NO_CLIENT_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: NO_CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: NO_CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: NO_CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: NO_CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NO_CLIENT_CERTIFICATE,
};

/** An error of TLS as ours; null if it is none. */
export function tlsError(error: unknown, location: string): TargetError | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  const { code } = error;
  const known = BY_CODE[code] ?? (/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO$|CERT_|CRL_)/.test(code) ? failed() : null);
  if (known === null) return null;
  return failureError(known, { location, detail: error.message.trim(), cause: error });
}

function failed(): KnownFailure {
  return {
    code: "TARGET_TLS_FAILED",
    message: "the target's server and changeover did not agree on TLS",
    hint: "check that this port is PostgreSQL's, and ssl_min_protocol_version, sslcert, sslkey and sslnegotiation",
  };
}

/** The server answered that it has no TLS, and the connection demands it. */
export function noTlsError(location: string, mode: string): TargetError {
  return new TargetError({
    code: "TARGET_TLS_UNSUPPORTED",
    message: `the target's server has no TLS, and sslmode=${mode} demands it: ${location}`,
    hint: "set ssl = on at the server; or give sslmode=disable, which sends everything in plain text",
    context: { location },
  });
}

/**
 * What a server says that accepts the role over TLS only, or with a certificate only. The texts are PostgreSQL's in
 * English; SQLSTATE 28000 alone could mean more.
 */
export function loginOverTlsError(error: unknown, location: string): TargetError | null {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "28000") return null;
  const known = /client certificate/.test(error.message)
    ? NO_CLIENT_CERTIFICATE
    : /no encryption|SSL off/.test(error.message)
      ? REQUIRED
      : null;
  if (known === null) return null;
  return failureError(known, { location, detail: error.message, context: { sqlState: "28000" }, cause: error });
}

const REQUIRED: KnownFailure = {
  code: "TARGET_TLS_REQUIRED",
  message: "the target's server does not accept this role in plain text",
  hint: "give sslmode=require or stronger; if it is given, the server's pg_hba.conf lacks a line for this role",
};
