import { pause } from "../retry.ts";

export interface ServerFetchOptions {
  /** For one answer, ms. A request that takes longer counts as lost. */
  readonly answerMs: number;
  /** performance.now() after which nothing is sent again. */
  readonly deadline: () => number;
  /** Called for each answer that is no refusal. */
  readonly onAnswer: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** The server is overloaded, or a gateway before it says so: nothing of the request was done. */
const NOT_DONE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;
/** For `Retry-After`, which may well be an hour. */
const MAX_ASKED_MS = 60_000;

/**
 * `fetch` with a timeout, which sends again what was not answered. That is safe here: a request of an open stream
 * carries a baton that the server takes once only, and one that opens a stream ends no transaction.
 */
export function serverFetch(options: ServerFetchOptions): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    for (let backOffMs = FIRST_PAUSE_MS; ; backOffMs = Math.min(2 * backOffMs, MAX_PAUSE_MS)) {
      const outcome = await send(request.clone(), options);
      if ("response" in outcome && !NOT_DONE.has(outcome.response.status)) {
        if (outcome.response.ok) options.onAnswer();
        return outcome.response;
      }
      const askedMs = "response" in outcome ? askedPause(outcome.response) : 0;
      const pauseMs = Math.max(askedMs, backOffMs * (0.5 + Math.random()));
      const isOver = performance.now() + pauseMs > options.deadline() || options.signal?.aborted === true;
      if (isOver && "error" in outcome) throw outcome.error;
      if (isOver && "response" in outcome) return outcome.response;
      if ("response" in outcome) await outcome.response.body?.cancel();
      await pause(pauseMs, options.signal);
    }
  };
}

type Outcome = { readonly response: Response } | { readonly error: unknown };

/** The whole answer is awaited: a body that stops half way is as bad as none. */
async function send(request: Request, { answerMs, signal }: ServerFetchOptions): Promise<Outcome> {
  const timeout = AbortSignal.timeout(answerMs);
  try {
    const response = await fetch(request, {
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const body = await response.arrayBuffer();
    const { headers, status, statusText } = response;
    return { response: new Response(NO_BODY.has(status) ? null : body, { headers, status, statusText }) };
  } catch (error) {
    return { error };
  }
}

const NO_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function askedPause({ headers }: Response): number {
  const asked = headers.get("retry-after");
  if (asked === null) return 0;
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), MAX_ASKED_MS);
}
