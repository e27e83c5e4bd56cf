import { jsonOf } from "../json-document.ts";
import type { Observation, Observer } from "./observe.ts";

/** An event of the stream, as JSON. */
export interface StreamEvent {
  readonly event: "samples" | "observation" | "change";
  readonly data: string;
}

type Document = Readonly<Record<string, unknown>>;

/** The page's data as one document. The names of tables stay as they are. */
export function documentOf(observation: Observation): Document {
  const { rates, ...rest } = observation;
  const { tables, ...totals } = rates;
  return { ...(jsonOf(rest) as Document), rates: { ...totals, tables } };
}

/**
 * What viewers are sent: all of it at first, then what has changed. It is made once for all of them. Who reads too
 * slowly misses changes and is then sent all of it again.
 */
export class RunStream {
  readonly #observer: Observer;
  #now: Shown | null = null;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** `send` resolves once the viewer's connection has taken the event. Returns a function that ends it. */
  listen(send: (event: StreamEvent) => Promise<void>): () => void {
    let [last, isSending]: [Shown | null, boolean] = [null, false];
    const next = async () => {
      const now = this.#now;
      if (isSending || now === null || now === last) return;
      isSending = true;
      const hasSeen = last;
      last = now;
      // What it was like until now, in the same go: samples without a status would show nothing.
      if (hasSeen === null)
        await send({ event: "samples", data: JSON.stringify(jsonOf(this.#observer.samples.slice(0, -1))) });
      await send(hasSeen !== null && now.follows === hasSeen ? now.change() : now.whole());
      isSending = false;
      return next();
    };
    return this.#observer.listen((observation) => {
      if (this.#now?.observation !== observation) this.#now = new Shown(observation, this.#now, this.#sampleOf());
      // The viewer is gone: its connection ends this.
      next().catch(() => {});
    });
  }

  #sampleOf(): unknown {
    return jsonOf(this.#observer.samples.at(-1) ?? null);
  }
}

/** One observation, as a whole and as what has changed since the one before. */
class Shown {
  readonly observation: Observation;
  follows: Shown | null;
  readonly #document: Document;
  readonly #before: Document;
  readonly #sample: unknown;
  #whole: StreamEvent | null = null;
  #change: StreamEvent | null = null;

  constructor(observation: Observation, before: Shown | null, sample: unknown) {
    this.observation = observation;
    this.follows = before;
    this.#document = documentOf(observation);
    this.#before = before === null ? {} : before.#document;
    this.#sample = sample;
    // Only the last one is ever asked for: a chain of all of them would fill the memory.
    if (before !== null) before.follows = null;
  }

  whole(): StreamEvent {
    this.#whole ??= { event: "observation", data: JSON.stringify({ ...this.#document, sample: this.#sample }) };
    return this.#whole;
  }

  change(): StreamEvent {
    this.#change ??= {
      event: "change",
      data: JSON.stringify({ ...changeOf(this.#before, this.#document), sample: this.#sample }),
    };
    return this.#change;
  }
}

/** What is another than before: of the document, of the status, and of its tables. */
function changeOf(before: Document, now: Document): Document {
  const { rates, status, ...rest } = now;
  const { tables: rateOf, ...totals } = rates as { readonly tables: Readonly<Record<string, number>> };
  const moving = Object.fromEntries(Object.entries(rateOf).filter(([, rate]) => rate > 0));
  return {
    ...differing(before, rest),
    rates: { ...totals, tables: moving },
    ...(isDocument(status)
      ? { status: statusChange(isDocument(before["status"]) ? before["status"] : {}, status) }
      : {}),
  };
}

function statusChange(before: Document, { tables, ...rest }: Document): Document {
  const known = new Map(rowsOf(before["tables"]).map((row) => [row["table"], JSON.stringify(row)]));
  const changed = rowsOf(tables).filter((row) => known.get(row["table"]) !== JSON.stringify(row));
  // Where a table is gone, all are sent.
  const isGone = known.size > rowsOf(tables).length;
  return { ...differing(before, rest), ...(isGone ? { tables } : { changed_tables: changed }) };
}

function differing(before: Document, now: Document): Document {
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)),
  );
}

function rowsOf(value: unknown): readonly Document[] {
  return Array.isArray(value) ? value.filter(isDocument) : [];
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
