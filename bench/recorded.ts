import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import type { Downtime } from "./downtime.ts";
import type { PeerResult } from "./peers.ts";
import type { Row } from "./row.ts";

/** Where and when something was measured. */
export interface Circumstances {
  readonly when: string;
  readonly machine: string;
  readonly server: string;
}

/** One migration of one shape by each program, in turns. */
export interface ShapeRound {
  readonly seed: number;
  readonly bytes: number;
  readonly rows: number;
  /** Of the machine, before. */
  readonly load: number;
  readonly ours: {
    readonly seconds: number;
    readonly cpu_seconds: number;
    readonly copy_seconds: number;
    readonly verify_seconds: number;
    readonly largest_mb: number;
    readonly together_mb: number;
  };
  /** Null where it is not installed, or left out. */
  readonly pgloader: PeerResult | null;
  readonly pgloader_tuned: PeerResult | null;
}

export interface RecordedShape extends Circumstances {
  readonly name: string;
  readonly title: string;
  readonly scale: number;
  readonly without_peers: string | null;
  readonly rounds: readonly ShapeRound[];
}

/** All that the page is written from. Each part may be of another day. */
export interface Recorded {
  readonly shapes: readonly RecordedShape[];
  readonly application: (Circumstances & { readonly rows: readonly Row[] }) | null;
  readonly backlog: (Circumstances & { readonly rows: readonly Row[] }) | null;
  readonly downtime: (Circumstances & { readonly sizes: readonly Downtime[] }) | null;
}

const NOTHING: Recorded = { shapes: [], application: null, backlog: null, downtime: null };

/** Kept part by part, so that a bench that was stopped goes on, and one shape can be measured again. */
export class RecordedFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get all(): Recorded {
    return existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, "utf8")) as Recorded) : NOTHING;
  }

  keepShape(shape: RecordedShape): void {
    const { all } = this;
    this.keep({ shapes: [...all.shapes.filter(({ name }) => name !== shape.name), shape] });
  }

  keep(part: Partial<Recorded>): void {
    writeFileSync(this.#path, `${JSON.stringify({ ...this.all, ...part }, null, 2)}\n`);
  }
}

export function circumstances(server: string): Circumstances {
  return {
    when: new Date().toISOString().slice(0, 10),
    machine:
      `${cpus().length} × ${cpus()[0]?.model.trim() ?? "processor"}, ${Math.round(totalmem() / 2 ** 30)} GB, ` +
      `Node ${process.version}`,
    server,
  };
}

export const loadNow = () => Number((loadavg()[0] ?? 0).toFixed(1));
