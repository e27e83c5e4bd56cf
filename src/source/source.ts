import { createRequire } from "node:module";
import { resolve } from "node:path";
import { type Client, createClient } from "@libsql/client/sqlite3";
import type { SourceIdentity } from "../model/source-identity.ts";
import type { SourceValue } from "../model/source-value.ts";
import { LibsqlSource } from "./libsql-source.ts";
import { serverError } from "./remote-error.ts";
import { ServerSource } from "./server-source.ts";
import { sourceError } from "./source-error.ts";
import { filePath, fileUrl, refuseNonDatabase } from "./source-file.ts";
import { kindOfSource } from "./source-scheme.ts";
import type { WriteOptions } from "./write-options.ts";

export type { SourceValue, WriteOptions };

export type SourceRow = readonly SourceValue[];

export interface SourceReader {
  /** Rows as arrays, in the order of the columns asked for. */
  rows(sql: string, args?: readonly SourceValue[]): Promise<SourceRow[]>;
}

/** One transaction: what only reads needs no more of it than a {@link SourceReader}. */
export interface SourceSnapshot extends SourceReader {
  /** Runs several statements, and drops their rows. */
  script(statements: string): Promise<void>;
}

export interface SourceWriter extends SourceSnapshot {
  run(sql: string, args?: readonly SourceValue[]): Promise<void>;
}

export interface Source {
  readonly kind: "file" | "remote";
  /** For messages: a path, or a URL without its token. */
  readonly location: string;
  /** Absolute path of a file source. */
  readonly path: string | null;
  /** Identity of the opened file. A transaction that finds another file at the path fails with SOURCE_REPLACED. */
  readonly identity: SourceIdentity;
  /**
   * Runs `work` in one read transaction, that is, on one snapshot.
   *
   * After SQLITE_BUSY the work runs again, so it must have no side effects. It must wait for nothing but the source: an
   * open snapshot pins the WAL or, with a rollback journal, blocks the application's commits.
   */
  read<T>(work: (tx: SourceSnapshot) => Promise<T>, options?: ReadOptions): Promise<T>;
  /** Runs `work` in one BEGIN IMMEDIATE transaction, under the same rules. */
  write<T>(work: (tx: SourceWriter) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * Copies a file source, as one snapshot, into an existing empty file. Other work of this process on the source waits.
   */
  copyInto(file: string): Promise<void>;
  /**
   * Switches the file from a rollback journal to a WAL, permanently and for every process. Returns the previous journal
   * mode.
   */
  switchToWal(): Promise<string>;
  /** With true: nobody else can write now, so make no pauses for other writers. With false: they can again. */
  setSoleWriter(isAlone: boolean): void;
  /** Whether readers and writers block each other, and another process was met within the last second. */
  isContended(): boolean;
  /** From now on this process makes the WAL checkpoints, so that the application's commits need not. */
  takeOverCheckpoints(): void;
  close(): void;
}

export interface ReadOptions {
  /** Aborts the wait for locks of others. */
  readonly signal?: AbortSignal | undefined;
}

export interface SourceOptions {
  /** A path, `file:` URL, or `libsql:`/`http(s):`/`ws(s):` URL. */
  readonly url: string;
  readonly authToken?: string;
  /** Total wait for locks of others, in ms. */
  readonly busyTimeout?: number;
  readonly signal?: AbortSignal;
  /** The file that another process of this run has opened: a different file at the path is refused. */
  readonly expected?: SourceIdentity;
  /** Waits until all commits in this WAL are on disk. */
  readonly syncWal?: (wal: string) => Promise<void>;
  /** Called for each transaction with the time that it held its snapshot or lock, and for each lock of others. */
  readonly observe?: (seen: SourceLoadSignal) => void;
}

export type SourceLoadSignal =
  | { readonly kind: "read" | "write"; readonly durationMs: number }
  /** A lock of others; `waitedMs`: how long this transaction has waited for it so far. */
  | { readonly kind: "busy"; readonly waitedMs: number }
  /** A lock of others was waited for, whether it was got or not, ms. */
  | { readonly kind: "lock"; readonly durationMs: number };

export function openSource(options: SourceOptions): Source {
  const { url } = options;
  if (kindOfSource(url) === "server") {
    const location = withoutToken(url);
    return new ServerSource(location, serverOpener(options, location), options);
  }
  const path = resolve(url.startsWith("file:") ? filePath(url) : url);
  refuseNonDatabase(path);
  let client: Client;
  try {
    // No timeout: SQLite's own busy handler blocks the event loop, in ever longer sleeps. `winLock` waits instead.
    client = createClient({ url: fileUrl(path), intMode: "bigint", timeout: 0, concurrency: 2 });
  } catch (error) {
    throw sourceError(error, path);
  }
  return new LibsqlSource(path, client, options);
}

/** Makes a client for each transaction, which has no connection of its own. What is wrong with the URL is said now. */
function serverOpener({ authToken, url }: SourceOptions, location: string): (send: typeof fetch) => Client {
  // Over HTTP, whatever the URL says: sqld and Turso speak both there, and what was lost can be sent again.
  const overHttp = url.replace(/^ws/i, "http");
  const token = authToken === undefined ? {} : { authToken };
  const open = (send: typeof fetch) => remoteClient()({ url: overHttp, intMode: "bigint", fetch: send, ...token });
  try {
    open(fetch).close();
  } catch (error) {
    throw serverError(error, { location });
  }
  return open;
}

/** Loaded on first use: the HTTP and WebSocket clients take 60 ms to load, and a file needs neither. */
function remoteClient(): typeof createClient {
  return (createRequire(import.meta.url)("@libsql/client") as { readonly createClient: typeof createClient })
    .createClient;
}

function withoutToken(url: string): string {
  return url.replace(/[?#].*$/s, "").replace(/\/\/[^@/]*@/, "//");
}
