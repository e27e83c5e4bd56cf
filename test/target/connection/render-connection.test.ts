import { expect, it } from "vitest";
import { withCertificateCheck, withoutSchema } from "../../../src/target/connection/render-connection.ts";

const tls = (url: string, isChecked: boolean) =>
  Object.fromEntries(
    [...new URL(withCertificateCheck(url, isChecked)).searchParams].filter(([name]) => /^ssl/.test(name)),
  );

it("a certificate is demanded of an authority that is known here, or any is taken", () => {
  const url = "postgres://app@db/shop";
  expect(tls(url, true)).toEqual({ sslmode: "verify-full", sslrootcert: "system" });
  expect(tls(`${url}?sslrootcert=ca.crt`, true)).toEqual({ sslmode: "verify-full", sslrootcert: "ca.crt" });
  expect(tls(`${url}?sslmode=verify-full&sslrootcert=ca.crt`, false)).toEqual({ sslmode: "require" });
});

it("a URL without its schema leads to the same database", () => {
  expect(withoutSchema("postgres://app@db:5432/shop?schema=one&search_path=two&connect_timeout=3")).toBe(
    "postgres://app@db:5432/shop?connect_timeout=3",
  );
});
