import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as tls from "node:tls";
import { TargetError } from "../../errors.ts";
import { hasFileModes } from "../../operating-system.ts";
import { type ConnectionValues, parameterError } from "./connection-parameters.ts";

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof MODES)[number];

/** What of TLS a connection string says. Files are read when a connection is opened. */
export interface TlsSettings {
  readonly mode: SslMode;
  /** TLS from the first byte, without asking the server first. */
  readonly isDirect: boolean;
  /** A file, or the operating system's authorities. */
  readonly root: { readonly kind: "file"; readonly path: string } | { readonly kind: "system" };
  readonly certificateFile: string | null;
  readonly keyFile: string;
  readonly keyPassword: string | null;
  readonly revocationFile: string;
  readonly sendsServerName: boolean;
  readonly minVersion: tls.SecureVersion;
  readonly maxVersion: tls.SecureVersion | null;
}

/** The parts of Node's TLS options that files hold. */
export interface TlsMaterial {
  readonly ca?: readonly string[];
  readonly crl?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Whether the chain of the server's certificate is verified. */
  readonly verifiesChain: boolean;
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html */
export function tlsSettings(values: ConnectionValues, home: string): TlsSettings {
  const file = (name: string) => join(home, ".postgresql", name);
  const isSystem = values.get("sslrootcert") === "system";
  const mode = values.get("sslmode") ?? (isSystem ? "verify-full" : "prefer");
  if (!isMode(mode))
    throw parameterError(`sslmode is ${mode}, which is none of ${MODES.join(", ")}`, "correct sslmode, or PGSSLMODE");
  if (isSystem && mode !== "verify-full")
    throw parameterError(
      `sslmode=${mode} is too weak for sslrootcert=system: anyone has a certificate of a public authority`,
      "give sslmode=verify-full",
    );
  const negotiation = values.get("sslnegotiation") ?? "postgres";
  if (negotiation !== "postgres" && negotiation !== "direct")
    throw parameterError(`sslnegotiation is ${negotiation}, neither postgres nor direct`, "correct sslnegotiation");
  if (negotiation === "direct" && MODES.indexOf(mode) < MODES.indexOf("require"))
    throw parameterError(`sslmode=${mode} is too weak for sslnegotiation=direct`, "give sslmode=require or stronger");
  return {
    mode,
    isDirect: negotiation === "direct",
    root: isSystem ? { kind: "system" } : { kind: "file", path: values.get("sslrootcert") ?? file("root.crt") },
    certificateFile: values.get("sslcertmode") === "disable" ? null : (values.get("sslcert") ?? file("postgresql.crt")),
    keyFile: values.get("sslkey") ?? file("postgresql.key"),
    keyPassword: values.get("sslpassword") ?? null,
    revocationFile: values.get("sslcrl") ?? file("root.crl"),
    sendsServerName: values.get("sslsni") !== "0",
    minVersion: versionOf(values.get("ssl_min_protocol_version")) ?? "TLSv1.2",
    maxVersion: versionOf(values.get("ssl_max_protocol_version")),
  };
}

function isMode(text: string): text is SslMode {
  return MODES.some((mode) => mode === text);
}

function versionOf(text: string | undefined): tls.SecureVersion | null {
  const versions: readonly tls.SecureVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
  if (text === undefined || text === "") return null;
  const version = versions.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (version === undefined) throw parameterError(`${text} is no version of TLS`, "give TLSv1.2 or TLSv1.3");
  return version;
}

/** Reads certificates and keys, with libpq's rules of what must be there and who may read it. */
export function readTlsMaterial(tls: TlsSettings): TlsMaterial {
  const roots = readRoots(tls);
  const crl = roots === null ? null : readIfThere(tls.revocationFile, "sslcrl");
  return {
    verifiesChain: roots !== null,
    ...(roots === null ? {} : { ca: roots }),
    ...(crl === null ? {} : { crl }),
    ...readClientCertificate(tls),
  };
}

/** Null: the server's certificate is not verified. */
function readRoots({ mode, root }: TlsSettings): readonly string[] | null {
  if (root.kind === "system") return systemAuthorities();
  const found = readIfThere(root.path, "sslrootcert");
  if (found !== null) return [found];
  if (mode !== "verify-ca" && mode !== "verify-full") return null;
  throw fileError(
    `sslmode=${mode} needs the certificate of your authority, and ${root.path} does not exist`,
    "give its file as sslrootcert=FILE, or sslrootcert=system for a public authority",
  );
}

/** The operating system's authorities; before Node 22.15, the ones that Node brings. */
function systemAuthorities(): readonly string[] {
  const given = process.env["SSL_CERT_FILE"];
  if (given !== undefined && given !== "") return [readFileSync(given, "utf8")];
  const ask = "getCACertificates" in tls ? tls.getCACertificates : undefined;
  const found: unknown = typeof ask === "function" ? ask("system") : [];
  const system = Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  return system.length > 0 ? system : tls.rootCertificates;
}

function readClientCertificate({ certificateFile, keyFile, keyPassword }: TlsSettings): Partial<TlsMaterial> {
  const cert = certificateFile === null ? null : readIfThere(certificateFile, "sslcert");
  if (cert === null) return {};
  const facts = statSync(keyFile, { throwIfNoEntry: false });
  if (facts === undefined)
    throw fileError(
      `there is a client certificate, ${certificateFile}, but not its key ${keyFile}`,
      "give the key's file as sslkey=FILE",
    );
  // The owner alone, or root's file that a group may read.
  const forbidden = facts.uid === 0 ? 0o027 : 0o077;
  if (hasFileModes() && (facts.mode & forbidden) !== 0)
    throw fileError(`others may read the key of sslkey, ${keyFile}`, `chmod 600 ${keyFile}`);
  const key = readIfThere(keyFile, "sslkey") ?? "";
  return { cert, key, ...(keyPassword === null ? {} : { passphrase: keyPassword }) };
}

function readIfThere(path: string, parameter: string): string | null {
  if (path === "") return null;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw fileError(`the file of ${parameter}, ${path}, cannot be read`, "let this user read it", cause);
  }
}

function fileError(message: string, hint: string, cause?: unknown): TargetError {
  return new TargetError({ code: "TARGET_TLS_FILE", message, hint, cause });
}
