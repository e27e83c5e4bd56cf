import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { TableProgress } from "../target/store/verification-store.ts";

/** How far a comparison of everything is, saved where it outlives this process. */
export interface Progress {
  of(mapping: TableMapping): TableProgress | null;
  save(mapping: TableMapping, progress: TableProgress): Promise<void>;
}

/** Pages that several sessions compare at once, in their order: all up to the position are compared. */
export class Frontier {
  readonly #open: OpenPage[] = [];
  #position: Tuple | null;
  #rows: number;

  constructor(start: Pick<TableProgress, "position" | "rows">) {
    this.#position = start.position;
    this.#rows = start.rows;
  }

  get reached(): Pick<TableProgress, "position" | "rows"> {
    return { position: this.#position, rows: this.#rows };
  }

  /** A page is begun: to be called in the order of the pages. Call what it returns when the page is compared. */
  begin(page: { readonly last: Tuple; readonly rows: number }): () => void {
    const open: OpenPage = { ...page, isDone: false };
    this.#open.push(open);
    return () => {
      open.isDone = true;
      for (let first = this.#open[0]; first?.isDone === true; first = this.#open[0]) {
        this.#open.shift();
        this.#position = first.last;
        this.#rows += first.rows;
      }
    };
  }
}

interface OpenPage {
  readonly last: Tuple;
  readonly rows: number;
  isDone: boolean;
}
