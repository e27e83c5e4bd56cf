import { statSync } from "node:fs";
import { dirname } from "node:path";
import { hasFileModes } from "../operating-system.ts";
import { fileSystemOf } from "../source/file-system.ts";
import { type Holders, holdersOf } from "../source/processes-holding.ts";
import { openSource, type Source, type SourceReader } from "../source/source.ts";
import { withoutHome } from "./examine-machine.ts";
import { type Trouble, troubleOf } from "./trouble.ts";

/** What a source says of itself, without its rows, tables or names. */
export interface SourceFacts {
  readonly kind: "file" | "server";
  /** Path below the home directory; of a server only its scheme. */
  readonly location: string;
  readonly sqlite: string;
  readonly encoding: string;
  readonly journalMode: string | null;
  readonly pageSize: number | null;
  readonly pages: number | null;
  readonly freePages: number | null;
  readonly userVersion: number | null;
  readonly tables: number;
  readonly indexes: number;
  readonly views: number;
  readonly triggers: number;
  /** Objects that changeover added: capture, or a fence. */
  readonly ownObjects: number;
  readonly file: FileFacts | null;
}

export interface FileFacts {
  readonly bytes: number;
  readonly walBytes: number | null;
  readonly hasSharedMemory: boolean;
  readonly mode: string | null;
  /** Whether the file belongs to the user who runs this. */
  readonly isOwn: boolean | null;
  readonly fileSystem: string | null;
  readonly isNetwork: boolean;
  readonly freeBytes: number | null;
  readonly holders: Holders;
}

export type SourceExamination =
  | { readonly state: "not-given" }
  | ({ readonly state: "open" } & SourceFacts)
  | { readonly state: "failed"; readonly error: Trouble };

export interface SourceQuestion {
  readonly url: string | null;
  readonly authToken: string | null;
  readonly withheld: readonly string[];
}

/** How long locks of others are waited for. */
const MAX_WAIT_MS = 2_000;

export async function examineSource({ authToken, url, withheld }: SourceQuestion): Promise<SourceExamination> {
  if (url === null) return { state: "not-given" };
  let source: Source | null = null;
  try {
    source = openSource({ url, busyTimeout: MAX_WAIT_MS, ...(authToken === null ? {} : { authToken }) });
    // Before SQLite opens the file, and makes a -shm of its own.
    const file = source.path === null ? null : fileFacts(source.path);
    return { state: "open", ...(await schemaFacts(source)), file };
  } catch (error) {
    return { state: "failed", error: troubleOf(error, withheld) };
  } finally {
    source?.close();
  }
}

function schemaFacts(source: Source): Promise<Omit<SourceFacts, "file">> {
  const isFile = source.path !== null;
  return source.read(async (reader) => {
    const counted = async (condition: string) =>
      Number(await one(reader, `SELECT count(*) FROM sqlite_schema WHERE ${condition}`));
    const theirs = "name NOT GLOB '_changeover_*' AND name NOT GLOB 'sqlite_*'";
    // A server's own settings are not ours to ask.
    const setting = async (name: string) => (isFile ? await one(reader, `PRAGMA ${name}`) : null);
    const numbered = async (name: string) => (isFile ? Number(await setting(name)) : null);
    return {
      kind: isFile ? "file" : "server",
      location: isFile ? withoutHome(source.location) : `${source.location.replace(/:.*$/s, "")}://…`,
      sqlite: String(await one(reader, "SELECT sqlite_version()")),
      encoding: String(await one(reader, "PRAGMA encoding")),
      journalMode: isFile ? String(await setting("journal_mode")) : null,
      pageSize: await numbered("page_size"),
      pages: await numbered("page_count"),
      freePages: await numbered("freelist_count"),
      userVersion: await numbered("user_version"),
      tables: await counted(`type = 'table' AND ${theirs}`),
      indexes: await counted(`type = 'index' AND ${theirs}`),
      views: await counted(`type = 'view' AND ${theirs}`),
      triggers: await counted(`type = 'trigger' AND ${theirs}`),
      ownObjects: await counted("name GLOB '_changeover_*'"),
    };
  });
}

async function one(reader: SourceReader, text: string): Promise<unknown> {
  const [row] = await reader.rows(text);
  return row?.[0];
}

function fileFacts(path: string): FileFacts {
  const { dev, ino, mode, size, uid } = statSync(path, { bigint: true });
  const user = process.getuid?.();
  const { freeBytes, isNetwork, name } = fileSystemOf(dirname(path));
  return {
    bytes: Number(size),
    walBytes: bytesOf(`${path}-wal`),
    hasSharedMemory: bytesOf(`${path}-shm`) !== null,
    mode: hasFileModes() ? (Number(mode) & 0o777).toString(8).padStart(3, "0") : null,
    isOwn: user === undefined ? null : Number(uid) === user,
    fileSystem: name,
    isNetwork,
    freeBytes,
    holders: holdersOf({ device: String(dev), inode: String(ino) }),
  };
}

function bytesOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
