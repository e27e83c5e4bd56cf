import { resolve } from "node:path";

/** Where everything of one embedded server is: the data directory and what lies beside it. */
export interface Places {
  readonly data: string;
  readonly facts: string;
  readonly log: string;
  readonly lock: string;
  /** A file for each process that uses the server, named by its number. */
  readonly users: string;
  /** Exists while the server is to stay up without users. */
  readonly keep: string;
  /** Links to libraries, where the package itself cannot hold them. */
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
