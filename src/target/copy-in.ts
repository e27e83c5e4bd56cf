import type { Writable } from "node:stream";
import type postgres from "postgres";
import type { Liveness } from "./liveness.ts";
import type { CopyIn } from "./target.ts";
import { targetError } from "./target-error.ts";

/** Part of postgres.js' query object that its types omit. */
interface Settling {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Starts a COPY and reports errors that postgres.js drops. postgres.js resolves a COPY query with its stream and
 * forgets it: an error after `end()` is lost, and the stream never finishes (3.4.9, `CopyInResponse` in connection.js).
 * But it calls `resolve` or `reject` of the query again when the server has answered, so those are replaced here.
 */
export async function startCopy(
  connection: postgres.ReservedSql,
  text: string,
  location: string,
  state: Liveness,
): Promise<CopyIn> {
  const query = connection.unsafe(text);
  const settle = query as unknown as Settling;
  const first = settle.resolve.bind(query);
  const fail = settle.reject.bind(query);
  let started = false;
  let settled: { error?: unknown } | undefined;
  const answered = new Promise<void>((done) => {
    settle.resolve = (value) => {
      if (started) {
        settled ??= {};
        done();
      } else {
        started = true;
        first(value);
      }
    };
    settle.reject = (error) => {
      settled ??= { error };
      fail(error);
      done();
    };
  });
  let stream: Writable;
  try {
    stream = await state.guard(query.writable());
  } catch (error) {
    throw targetError(error, location);
  }
  stream.on("error", () => {});
  const throwIfFailed = () => {
    if (settled !== undefined && "error" in settled) throw targetError(settled.error, location);
  };
  return {
    async write(bytes) {
      throwIfFailed();
      await state.guard(Promise.race([answered, new Promise<void>((done) => stream.write(bytes, () => done()))]));
      throwIfFailed();
    },
    async finish() {
      throwIfFailed();
      stream.end();
      await state.guard(answered);
      throwIfFailed();
    },
    async abort() {
      if (settled !== undefined || !state.alive) return;
      stream.destroy(new Error("aborted"));
      await state.guard(answered).catch(() => {});
    },
  };
}
