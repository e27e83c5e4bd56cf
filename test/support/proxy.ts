import { connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A TCP proxy before the target, which plays the network. */
export interface Proxy {
  /** The target's URL, by way of the proxy. */
  readonly url: string;
  /** Connections break, and none can be made. */
  cut(): void;
  /** Connections break for the client, but the server never hears of it. */
  abandon(): void;
  /** Nothing breaks and nothing arrives, as when a cable is pulled. New connections are not answered. */
  swallow(): void;
  /**
   * Nothing breaks and nothing arrives from the moment at which the client has said all of this, one after the other. With `delivers` the last
   * still arrives, and its answer does not.
   */
  swallowAt(said: readonly RegExp[], options: { readonly delivers: boolean }): Promise<void>;
  /** New connections get through; what was swallowed arrives too, unless the old connections are to stay dead. */
  heal(options?: { readonly oldStayDead: boolean }): void;
}

export async function proxyTo(url: string): Promise<Proxy> {
  const target = new URL(url);
  const [port, host] = [Number(target.port), target.hostname];
  const pairs = new Set<Pair>();
  let state: "open" | "cut" | "swallowing" = "open";
  let plan: { readonly said: RegExp[]; readonly delivers: boolean; readonly done: () => void } | null = null;
  const server: Server = createServer((client) => {
    if (state === "cut") {
      client.destroy();
      return;
    }
    const pair = new Pair(client, connect(port, host));
    pairs.add(pair);
    pair.onEnd(() => pairs.delete(pair));
    if (state === "swallowing") pair.pause();
    client.prependListener("data", (chunk: Buffer) => {
      if (state !== "open" || plan === null || !(plan.said[0]?.test(chunk.toString("latin1")) ?? false)) return;
      plan.said.shift();
      if (plan.said.length > 0) return;
      state = "swallowing";
      if (plan.delivers) pair.deliver(chunk);
      for (const each of pairs) each.pause();
      plan.done();
    });
  });
  const own = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  onTestFinished(() => {
    for (const pair of pairs) pair.end();
    server.close();
  });
  target.port = String(own);
  target.hostname = "127.0.0.1";
  return {
    url: target.href,
    cut() {
      state = "cut";
      for (const pair of pairs) pair.end();
    },
    abandon() {
      for (const pair of pairs) pair.abandon();
    },
    swallow() {
      state = "swallowing";
      for (const pair of pairs) pair.pause();
    },
    swallowAt(said, { delivers }) {
      return new Promise((done) => {
        plan = { said: [...said], delivers, done };
      });
    },
    heal(options) {
      state = "open";
      if (options?.oldStayDead !== true) for (const pair of pairs) pair.resume();
    },
  };
}

class Pair {
  readonly #sockets: readonly [Socket, Socket];

  constructor(client: Socket, server: Socket) {
    this.#sockets = [client, server];
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on("error", () => this.end());
      from.on("close", () => this.end());
      from.pipe(to);
    }
  }

  onEnd(listener: () => void): void {
    this.#sockets[0].once("close", listener);
  }

  /** Lets these bytes through, which are not through yet. */
  deliver(chunk: Buffer): void {
    this.#sockets[1].write(chunk);
  }

  pause(): void {
    const [client, server] = this.#sockets;
    client.unpipe(server);
    server.unpipe(client);
    client.pause();
    server.pause();
  }

  resume(): void {
    const [client, server] = this.#sockets;
    client.pipe(server);
    server.pipe(client);
  }

  abandon(): void {
    const [client, server] = this.#sockets;
    this.pause();
    client.removeAllListeners("close");
    client.destroy();
    server.on("error", () => {});
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
