import { connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Ended } from "./source.ts";

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
   * Nothing breaks and nothing arrives from the moment at which the client has said all of this, one after the other.
   * With `delivers` the last still arrives, and its answer does not.
   */
  swallowAt(said: readonly RegExp[], options: { readonly delivers: boolean }): Promise<void>;
  /** New connections get through; what was swallowed arrives too, unless the old connections are to stay dead. */
  heal(options?: { readonly oldStayDead: boolean }): void;
}

export async function proxyTo(url: string, ended: Ended = onTestFinished): Promise<Proxy> {
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
    const pair = new Pair(client, connect(port, host), (chunk) => {
      if (state !== "open" || plan === null || !(plan.said[0]?.test(chunk.toString("latin1")) ?? false)) return;
      plan.said.shift();
      if (plan.said.length > 0) return;
      state = "swallowing";
      if (plan.delivers) pair.deliver(chunk);
      for (const each of pairs) each.pause();
      plan.done();
    });
    pairs.add(pair);
    pair.onEnd(() => pairs.delete(pair));
    if (state === "swallowing") pair.pause();
  });
  const own = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  ended(() => {
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

/**
 * Passes on what each side says, byte for byte. Not by `pipe`: what is unpiped while it is told of a chunk still gets
 * that one, so bytes that were to be swallowed arrived.
 */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  #isPaused = false;
  /** Chunks that came in spite of the pause. */
  readonly #held: { readonly to: Socket; readonly chunk: Buffer }[] = [];
  /** The chunk at hand, if it went through ahead of the pause. */
  #delivered: Buffer | null = null;

  /** `said`: told of each chunk of the client's before it is passed on. */
  constructor(client: Socket, server: Socket, said: (chunk: Buffer) => void) {
    this.#client = client;
    this.#server = server;
    client.on("data", (chunk: Buffer) => {
      said(chunk);
      this.#pass(client, server, chunk);
    });
    server.on("data", (chunk: Buffer) => this.#pass(server, client, chunk));
    client.on("end", () => server.end());
    server.on("end", () => client.end());
    for (const socket of [client, server]) {
      socket.on("error", () => this.end());
      socket.on("close", () => this.end());
    }
  }

  #pass(from: Socket, to: Socket, chunk: Buffer): void {
    if (chunk === this.#delivered) return;
    if (this.#isPaused) {
      this.#held.push({ to, chunk });
      return;
    }
    if (to.write(chunk)) return;
    from.pause();
    to.once("drain", () => {
      if (!this.#isPaused) from.resume();
    });
  }

  onEnd(listener: () => void): void {
    this.#client.once("close", listener);
  }

  /** Lets these bytes of the client through, which are not through yet. */
  deliver(chunk: Buffer): void {
    this.#delivered = chunk;
    this.#server.write(chunk);
  }

  pause(): void {
    this.#isPaused = true;
    this.#client.pause();
    this.#server.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const { to, chunk } of this.#held.splice(0)) to.write(chunk);
    this.#client.resume();
    this.#server.resume();
  }

  abandon(): void {
    this.pause();
    this.#client.removeAllListeners("close");
    this.#client.destroy();
    this.#server.on("error", () => {});
  }

  end(): void {
    for (const socket of [this.#client, this.#server]) socket.destroy();
  }
}
