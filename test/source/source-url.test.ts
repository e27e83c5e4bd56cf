import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ChangeoverError } from "../../src/errors.ts";
import { openSource } from "../../src/source/source.ts";
import { kindOfSource } from "../../src/source/source-scheme.ts";

async function failureOf(work: () => Promise<unknown> | unknown): Promise<ChangeoverError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ChangeoverError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

const reading = (url: string) =>
  failureOf(async () => {
    const source = openSource({ url });
    onTestFinished(() => source.close());
    await source.read((tx) => tx.rows("SELECT 1"));
  });

/** URL of a server that answers every request with this status. */
async function serverWith(status: number): Promise<string> {
  const server = createServer((_, response) => {
    response.statusCode = status;
    response.end("no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("a source by its URL", () => {
  it("is a file or a libSQL server", () => {
    for (const path of ["app.db", "./a:b.db", "file:app.db", "file:///a/app.db", "C:\\app.db", "C:/app.db"])
      expect(kindOfSource(path), path).toBe("file");
    for (const url of ["libsql://h", "https://h", "http://h:8080", "ws://h", "wss://h"])
      expect(kindOfSource(url), url).toBe("server");
  });

  it("of another database is refused by its scheme, without a password, and with what to give", async () => {
    const refusals: readonly (readonly [url: string, scheme: string, hint: RegExp])[] = [
      ["mongodb://me:secret@h/d", "mongodb", /libSQL server$/],
      ["mysql://me:secret@h/d", "mysql", /app\.db/],
      ["postgres://me:secret@h/d", "postgres", /--target/],
      ["sqlite:///var/app.db", "sqlite", /path of the file alone/],
      ["jdbc:sqlite:app.db", "jdbc", /path of the file alone/],
      ["http:/h", "http", /two slashes/],
    ];
    for (const [url, scheme, hint] of refusals) {
      const error = await failureOf(() => openSource({ url }));
      expect(error).toMatchObject({ code: "SOURCE_URL", hint: expect.stringMatching(hint) as string });
      expect(error.message).toContain(`a ${scheme}: URL`);
      expect(error.message).not.toContain("secret");
    }
  });

  it("says that no libSQL server answers where something else does, or nothing", async () => {
    for (const url of [await serverWith(501), "http://127.0.0.1:1", "ws://127.0.0.1:1"]) {
      const error = await reading(url);
      expect(error.code).toBe("SOURCE_UNREACHABLE");
      expect(error.message).toMatch(new RegExp(`^no libSQL server answers at ${url} \\(.*(501|bad port|ECONNREFUSED)`));
      expect(error.hint).not.toContain("integrity_check");
    }
    expect(await reading(await serverWith(401))).toMatchObject({
      code: "SOURCE_LOGIN",
      hint: expect.stringContaining("CHANGEOVER_SOURCE_AUTH_TOKEN") as string,
    });
  });
});
