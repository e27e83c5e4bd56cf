import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { to as copyTo } from "pg-copy-streams";
import type { MigrationConnection } from "../migrate/migration-connection.ts";

export interface CopiedOut {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

const NEWLINE = 0x0a;

/** Writes the output of a `COPY … TO STDOUT` to a new file, compressed. */
export async function copyOut(connection: MigrationConnection, statement: string, file: string): Promise<CopiedOut> {
  const stream = connection.client.query(copyTo(statement));
  let lines = 0;
  let bytes = 0;
  const hash = createHash("sha256");
  const counted = tap((chunk) => {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
  });
  const hashed = tap((chunk) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  try {
    // Do not destroy this stream when another one fails: PostgreSQL sends the remaining rows anyway.
    await pipeline(
      stream.iterator({ destroyOnReturn: false }),
      counted,
      createGzip(),
      hashed,
      createWriteStream(file, { flags: "wx", mode: 0o600 }),
    );
  } catch (error) {
    await drain(stream).catch(() => {});
    throw error;
  }
  // The row count arrives after the last row.
  await connection.run("select 1");
  // In COPY's text format each row is one line.
  if (lines !== stream.rowCount) throw new Error(`PostgreSQL sent ${stream.rowCount} rows, but ${lines} were received`);
  return { rows: lines, bytes, sha256: hash.digest("hex") };
}

/** Discards the remaining rows: only then is the connection usable again. */
async function drain(stream: Readable): Promise<void> {
  for await (const _rest of stream.iterator({ destroyOnReturn: false }));
}

function tap(onChunk: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      onChunk(chunk);
      done(null, chunk);
    },
  });
}
