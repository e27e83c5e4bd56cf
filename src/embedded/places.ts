import { resolve } from "node:path";

/** Paths of one embedded server: the data directory and the files next to it. */
export interface Places {
  readonly data: string;
  readonly facts: string;
  readonly log: string;
  readonly lock: string;
  /** Directory with one file for each process that uses the server. */
  readonly users: string;
  /** Exists while the server should stay up without users. */
  readonly keep: string;
  /** Links to libraries, if the package itself is read-only. */
  readonly libraries: string;
}

export function placesOf(directory: string): Places {
  const data = resolve(directory);
  return {
    data,
    facts: `${data}.json`,
    log: `${data}.log`,
    lock: `${data}.lock`,
    users: `${data}.users`,
    keep: `${data}.keep`,
    libraries: `${data}.lib`,
  };
}
