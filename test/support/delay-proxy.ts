import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to the target that takes time: bytes arrive in order, each `oneWayMs` after they were sent. */
export interface DelayProxy {
  readonly port: number;
  /** Round trips in the order in which they began. */
  readonly trips: readonly RoundTrip[];
  /** Changes the delay for what is sent from now on. */
  setRoundTrip(ms: number): void;
  close(): void;
}

/** All that one connection sent until the server answered it. */
interface RoundTrip {
  /** Counts the connections from 1. */
  readonly connection: number;
  /** The bytes as latin1. */
  text: string;
}

export async function delayProxy(port: number, roundTripMs: number): Promise<DelayProxy> {
  let oneWayMs = roundTripMs / 2;
  const sockets = new Set<Socket>();
  const trips: RoundTrip[] = [];
  let connections = 0;
  const pass = (from: Socket, to: Socket) => {
    const waiting: { readonly at: number; readonly chunk: Buffer | null }[] = [];
    let timer: NodeJS.Timeout | null = null;
    const deliver = () => {
      timer = null;
      while (waiting[0] !== undefined && waiting[0].at <= performance.now()) {
        const { chunk } = waiting.shift() ?? { chunk: null };
        if (chunk === null) to.end();
        else to.write(chunk);
      }
      arm();
    };
    const arm = () => {
      const [next] = waiting;
      if (next !== undefined) timer ??= setTimeout(deliver, Math.max(0, next.at - performance.now()));
    };
    const take = (chunk: Buffer | null) => {
      waiting.push({ at: performance.now() + oneWayMs, chunk });
      arm();
    };
    from.on("data", take);
    from.on("end", () => take(null));
    from.on("error", () => to.destroy());
    from.on("close", () => setTimeout(() => to.destroy(), oneWayMs));
  };
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    pass(client, upstream);
    pass(upstream, client);
    const connection = ++connections;
    let trip: RoundTrip | null = null;
    client.on("data", (chunk: Buffer) => {
      if (trip === null) {
        trip = { connection, text: "" };
        trips.push(trip);
      }
      trip.text += chunk.toString("latin1");
    });
    upstream.on("data", () => {
      trip = null;
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    trips,
    setRoundTrip(ms) {
      oneWayMs = ms / 2;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** From a cutover's first word to the target behind the fence to the commit that opens it. */
export function tripsBehindTheFence(trips: readonly RoundTrip[]): readonly RoundTrip[] {
  const first = trips.findIndex(({ text }) => /set statement_timeout = [1-9]/.test(text));
  const opening = trips.findIndex(({ text }) => text.includes("set phase = 'cut-over'"));
  const last = trips.findIndex(({ text }, index) => index > opening && text.includes("commit"));
  if (first < 0 || opening < first || last < 0) throw new Error("no cutover is to be seen");
  return trips.slice(first, last + 1);
}
