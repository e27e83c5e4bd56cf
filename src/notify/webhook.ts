import { createHmac } from "node:crypto";
import { pause } from "../retry.ts";
import type { Notification } from "./transitions.ts";

export interface WebhookOptions {
  readonly url: string;
  /** Signs the body: `X-Changeover-Signature: sha256=…`, as GitHub does. Null: unsigned. */
  readonly secret: string | null;
  /** Told of a notification that could not be delivered, once. */
  readonly onGivenUp: (message: string) => void;
  /** Waits between the attempts, ms. */
  readonly delaysMs?: readonly number[];
  /** A receiver that does not answer by then has failed, ms. */
  readonly timeoutMs?: number;
}

const DELAYS_MS = [1_000, 5_000, 30_000, 120_000];
const TIMEOUT_MS = 10_000;
/** A receiver that fails for hours must not fill the memory. */
const WAITING = 200;

/** Delivers notifications one after the other, apart from the run, which never waits for a receiver. */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #queue: Notification[] = [];
  readonly #stop = new AbortController();
  #delivery: Promise<void> | null = null;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  send(notification: Notification): void {
    this.#queue.push(notification);
    if (this.#queue.length > WAITING) this.#queue.shift();
    this.#delivery ??= this.#deliver().finally(() => {
      this.#delivery = null;
    });
  }

  /** Notifications that wait behind the one under way. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Waits for what is still to be delivered, but no longer than `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    const delivery = this.#delivery;
    if (delivery !== null) await Promise.race([delivery, pause(timeoutMs, this.#stop.signal)]);
    this.#stop.abort();
  }

  async #deliver(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const problem = await this.#attempt(next);
      if (problem !== null && !this.#stop.signal.aborted)
        this.#options.onGivenUp(`${new URL(this.#options.url).host} did not take the notification: ${problem}`);
    }
  }

  /** Null if it was taken. */
  async #attempt(notification: Notification): Promise<string | null> {
    const body = renderBody(notification);
    const waits = this.#options.delaysMs ?? DELAYS_MS;
    for (let attempt = 0; ; attempt++) {
      const { problem, isFinal } = await this.#post(body);
      const wait = waits[attempt];
      if (problem === null || isFinal || wait === undefined || this.#stop.signal.aborted) return problem;
      await pause(wait, this.#stop.signal);
    }
  }

  async #post(body: string): Promise<{ readonly problem: string | null; readonly isFinal: boolean }> {
    const { secret, timeoutMs = TIMEOUT_MS, url } = this.#options;
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          ...(secret === null ? {} : { "x-changeover-signature": signatureOf(body, secret) }),
        },
        redirect: "error",
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      if (response.ok) return { problem: null, isFinal: true };
      // What the receiver will never take is not sent again: a wrong address, a wrong token.
      const isFinal = response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status);
      return { problem: `it answers ${response.status}`, isFinal };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error), isFinal: false };
    }
  }
}

/** Slack, Teams and Mattermost show `text` as it is. */
function renderBody({ at, code, event, phase, source, target, text }: Notification): string {
  return JSON.stringify({
    text: `changeover: ${text} (${source ?? "no source"})`,
    event,
    at,
    phase,
    source,
    target,
    code,
  });
}

/** Hex HMAC-SHA256 of the body. */
export function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
