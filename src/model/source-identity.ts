/** By what a source is known again. A copy has all rows of the original, and the log: it only is another file. */
export type SourceIdentity = FileIdentity | ServerIdentity;

export interface FileIdentity {
  readonly kind: "file";
  /** Absolute, behind symbolic links. */
  readonly path: string;
  readonly host: string;
  /** Of the running kernel, which containers on one machine share; null where the system tells none. */
  readonly boot: string | null;
  readonly device: string;
  /** Null where the file system numbers no files. */
  readonly inode: string | null;
  /**
   * When the file was made, in ms, since the number of a removed file is given out again; null where that is not
   * known.
   */
  readonly born: string | null;
  /** Device and inode of the directory that holds it: "not there" only counts where that directory is seen. */
  readonly directory: string | null;
}

export interface ServerIdentity {
  readonly kind: "server";
  /** Without token, user and password. */
  readonly url: string;
}

/** For people: which file, and where. */
export function showIdentity(identity: SourceIdentity, here: string): string {
  if (identity.kind === "server") return identity.url;
  return identity.host === here ? identity.path : `${identity.path} on ${identity.host}`;
}

/** Whether both were seen by one running kernel, or under one host name. */
export function isSameMachine(one: FileIdentity, other: FileIdentity): boolean {
  return one.host === other.host || (one.boot !== null && one.boot === other.boot);
}

/**
 * Whether both name one file. `leadsHere`: the path of `known` leads to the file of `now` on this machine. Device
 * numbers change with a restart, so another one passes where the recorded path, on the same host, leads here.
 */
export function isSameSource(known: SourceIdentity, now: SourceIdentity, leadsHere: boolean): boolean {
  if (known.kind === "server" || now.kind === "server")
    return known.kind === "server" && now.kind === "server" && known.url === now.url;
  if (!isSameMachine(known, now)) return false;
  const isOlder = known.born === null || now.born === null || known.born === now.born;
  const isThere = known.host === now.host && leadsHere;
  if (known.inode === null || now.inode === null) return isThere && isOlder && known.path === now.path;
  return isOlder && known.inode === now.inode && (known.device === now.device || isThere);
}
