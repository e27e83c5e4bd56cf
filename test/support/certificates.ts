import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A private certificate authority, made by openssl. */
export class Authority {
  readonly #directory: string;
  /** Its own certificate. */
  readonly file: string;

  constructor(directory: string, name: string) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.file = join(directory, "ca.crt");
    const key = join(directory, "ca.key");
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "30",
      "-keyout",
      key,
      "-out",
      this.file,
      "-subj",
      `/CN=${name}`,
    );
  }

  /** `days` below 0: expired. */
  issue(
    name: string,
    { alternative = "", days = 30 }: { readonly alternative?: string; readonly days?: number } = {},
  ): Certificate {
    const at = (ending: string) => join(this.#directory, `${name.replaceAll(/\W/g, "-")}${days}.${ending}`);
    openssl(
      "req",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      at("key"),
      "-out",
      at("csr"),
      "-subj",
      `/CN=${name}`,
    );
    writeFileSync(at("ext"), alternative === "" ? "basicConstraints=CA:FALSE\n" : `subjectAltName=${alternative}\n`);
    openssl(
      ...["x509", "-req", "-in", at("csr"), "-CA", this.file, "-CAkey", join(this.#directory, "ca.key")],
      ...["-CAcreateserial", "-days", String(days), "-extfile", at("ext"), "-out", at("crt")],
    );
    chmodSync(at("key"), 0o600);
    return {
      certificate: readFileSync(at("crt"), "utf8"),
      key: readFileSync(at("key"), "utf8"),
      certificateFile: at("crt"),
      keyFile: at("key"),
    };
  }
}

function openssl(...args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
