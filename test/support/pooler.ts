import { createServer, type Server, type Socket } from "node:net";
import pg from "pg";
import { onTestFinished } from "vitest";

/** One connection to the server, signed in, whose bytes are passed on as they are. */
interface Backend {
  readonly client: pg.Client;
  readonly socket: Socket;
  alive: boolean;
}

/**
 * A connection pooler in transaction mode, as pgbouncer is: a client has a connection to the server for the length of a
 * transaction only, and the next one may be on another. A client that goes away in a transaction takes its connection
 * with it.
 */
export async function poolerTo(url: string, size = 3): Promise<{ readonly url: string }> {
  const free: Backend[] = [];
  const waiting: ((backend: Backend) => void)[] = [];
  for (let made = 0; made < size; made++) free.push(await signIn(url));
  const lease = () =>
    new Promise<Backend>((resolve) => {
      const backend = free.shift();
      if (backend === undefined) waiting.push(resolve);
      else resolve(backend);
    });
  // At the end of the line: the next transaction gets another one.
  const giveBack = (backend: Backend) => {
    const next = waiting.shift();
    if (next === undefined) free.push(backend);
    else next(backend);
  };
  const everyone = [...free];
  const server = createServer((socket) =>
    serve(socket, lease, giveBack, async () => {
      const fresh = await signIn(url);
      everyone.push(fresh);
      giveBack(fresh);
    }),
  );
  const port = await listen(server);
  onTestFinished(() => {
    server.close();
    for (const { socket } of everyone) socket.destroy();
  });
  const own = new URL(url);
  own.port = String(port);
  own.hostname = "127.0.0.1";
  return { url: own.href };
}

async function signIn(url: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners("data");
  const backend: Backend = { client, socket: stream, alive: true };
  stream.on("close", () => {
    backend.alive = false;
  });
  return backend;
}

function serve(
  socket: Socket,
  lease: () => Promise<Backend>,
  giveBack: (backend: Backend) => void,
  replace: () => Promise<void>,
): void {
  let signedIn = false;
  let backend: Backend | null = null;
  let asking: Promise<void> = Promise.resolve();
  let answer = Buffer.alloc(0);
  const onAnswer = (chunk: Buffer) => {
    socket.write(chunk);
    answer = Buffer.concat([answer, chunk]);
    while (answer.length >= 5 && answer.length > answer.readUInt32BE(1)) {
      const length = answer.readUInt32BE(1) + 1;
      const idle = answer[0] === 0x5a && answer[5] === 0x49;
      answer = answer.subarray(length);
      if (idle) letGo();
    }
  };
  const letGo = () => {
    const held = backend;
    backend = null;
    held?.socket.removeListener("data", onAnswer);
    if (held !== null) giveBack(held);
  };
  socket.on("error", () => {});
  socket.on("close", () => {
    if (backend === null) return;
    backend.socket.removeListener("data", onAnswer);
    backend.socket.destroy();
    backend = null;
    void replace();
  });
  socket.on("data", (chunk: Buffer) => {
    if (!signedIn) {
      const code = chunk.readUInt32BE(4);
      if (code === 80877103) return void socket.write("N");
      signedIn = true;
      // AuthenticationOk, BackendKeyData (nobody's), ReadyForQuery.
      return void socket.write(
        Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x4b, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1, 0x5a, 0, 0, 0, 5, 0x49]),
      );
    }
    if (chunk[0] === 0x58) return void socket.end();
    asking = asking.then(async () => {
      if (backend === null) {
        backend = await lease();
        backend.socket.on("data", onAnswer);
      }
      backend.socket.write(chunk);
    });
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
