import { Socket } from "node:net";

/** The part of postgres.js' options that names the server. */
interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false | undefined;
}

/** The sockets of one client. */
export interface ClientSockets {
  /** For postgres.js' option `socket`. */
  connect(options: Address): Promise<Socket>;
  /**
   * Closes open sockets immediately. postgres.js would send a farewell and wait for the answer, forever on a dead
   * connection (3.4.9).
   */
  cut(): void;
}

export function openSockets(timeoutSeconds: number): ClientSockets {
  const open = new Set<Socket>();
  let asked = false;
  return {
    async connect(options) {
      // postgres.js would silently reconnect forever if the server ends connections during startup.
      if (asked)
        throw Object.assign(new Error("the server ended the connection during startup"), {
          code: "CONNECTION_CLOSED",
        });
      asked = true;
      const socket = await connectWithoutDelay(options, timeoutSeconds);
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      return socket;
    },
    cut() {
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * Connects with TCP_NODELAY, which postgres.js does not set (3.4.9). With Nagle's algorithm the small message that ends
 * a COPY waits for the server's delayed acknowledgement, 40 ms each time. Several hosts are tried in turn.
 */
async function connectWithoutDelay({ host, port, path }: Address, timeoutSeconds: number): Promise<Socket> {
  if (typeof path === "string" && path !== "") return connected((socket) => socket.connect(path), timeoutSeconds);
  let failure: unknown;
  for (const [index, name] of host.entries()) {
    try {
      const socket = await connected((fresh) => fresh.connect(port[index] ?? 5432, name), timeoutSeconds);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      // postgres.js reads the server name for TLS here.
      return Object.assign(socket, { host: name, port: port[index] });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function connected(start: (socket: Socket) => void, timeoutSeconds: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new Socket();
    const timer = setTimeout(() => {
      socket.destroy();
      reject(Object.assign(new Error(`no answer within ${timeoutSeconds} s`), { code: "CONNECT_TIMEOUT" }));
    }, timeoutSeconds * 1_000);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    start(socket);
  });
}
