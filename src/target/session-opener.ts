import { type Backend, lookUpBackend } from "./backend-state.ts";
import { connectionLocation } from "./connection/render-connection.ts";
import type { Connection } from "./connection/resolve-connection.ts";
import { renderSearchPath, schemaMissingError } from "./connection/search-path.ts";
import { type ServerState, serverStateOf } from "./connection/server-state.ts";
import { type PidAsker, poolingBetween, transactionPoolerError } from "./connection/transaction-pooler.ts";
import { Liveness } from "./liveness.ts";
import { type OpenClient, openClient } from "./open-client.ts";
import { PostgresSession } from "./postgres-session.ts";
import { stateSql } from "./state-schema.ts";
import type { SessionOptions, TargetLoadSignal, TargetSession } from "./target.ts";
import { targetError } from "./target-error.ts";

/** Opens sessions of one target. */
export class SessionOpener {
  readonly #connection: Connection;
  readonly #location: string;
  readonly #signal: AbortSignal;
  readonly #observe: (seen: TargetLoadSignal) => void;
  /** Found out by the first session, for all. */
  #pooling: ServerState["pooling"] | null = null;

  constructor(connection: Connection, signal: AbortSignal, observe: (seen: TargetLoadSignal) => void) {
    this.#connection = connection;
    this.#location = connectionLocation(connection);
    this.#signal = signal;
    this.#observe = observe;
  }

  async open({ mayBeShared = false }: SessionOptions): Promise<TargetSession> {
    const closed: { listener: () => void } = { listener: () => {} };
    try {
      const { opened, same } = await openClient(this.#connection, {
        signal: this.#signal,
        onClose: () => closed.listener(),
      });
      let backend: Backend = { pid: 0, started: "" };
      const state = new Liveness(this.#location, () => lookUpBackend(same, backend));
      closed.listener = () => state.end();
      try {
        this.#pooling ??= await poolingOf(opened, same, this.#signal);
        const pooling = this.#pooling;
        const isShared = pooling === "transaction";
        if (isShared && !mayBeShared) throw transactionPoolerError(this.#connection);
        backend = isShared ? { pid: 0, started: "" } : await this.#setUp(opened, state);
        return new PostgresSession({
          opened,
          // Before any query, `reserve()` would never resolve, if `fetch_types` is off (3.4.9).
          connection: await state.guard(opened.client.reserve()),
          location: this.#location,
          backend,
          server: serverStateOf(opened.first, pooling),
          schema: this.#connection.schema,
          stateSchema: this.#connection.stateSchema,
          state,
          observe: this.#observe,
        });
      } catch (error) {
        await opened.end(0);
        throw error;
      }
    } catch (error) {
      throw targetError(error, this.#location);
    }
  }

  /** Settings for the life of the session. A shared connection gets none: they would reach other clients. */
  async #setUp(opened: OpenClient, state: Liveness): Promise<Backend> {
    const { schema } = this.#connection;
    const path = schema === null ? "" : `${renderSearchPath(this.#connection, "session")};\n`;
    const answers: readonly unknown[] = await state.guard(
      opened.client.unsafe(`${path}${stateSql(this.#connection, "target/open-session")}`).simple(),
    );
    const [own] = answers.at(-1) as readonly (Backend & { readonly schema: string | null })[];
    if (own === undefined) throw new Error("the server does not know this session");
    if (schema !== null && own.schema !== schema) throw schemaMissingError(schema, this.#location);
    return { pid: own.pid, started: own.started };
  }
}

/** A pooler names a process of its own at startup. Only then is a second connection worth its time. */
async function poolingOf(opened: OpenClient, same: Connection, signal: AbortSignal): Promise<ServerState["pooling"]> {
  if (opened.namedPid === null || opened.namedPid === opened.first.pid) return "none";
  const second = await openClient(same, { signal });
  try {
    return await poolingBetween(askerOf(opened), askerOf(second.opened));
  } finally {
    await second.opened.end(1);
  }
}

function askerOf({ client }: OpenClient): PidAsker {
  return {
    async pidOf(text) {
      const answers: readonly unknown[] = await client.unsafe(text).simple();
      const last = answers.at(-1);
      const [row] = (Array.isArray(last) ? last : [last]) as readonly { readonly pid: number }[];
      return row?.pid ?? 0;
    },
    async run(text) {
      await client.unsafe(text).simple();
    },
  };
}
