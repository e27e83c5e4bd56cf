import { hostname, userInfo } from "node:os";

/** The operating system's user and the host, for records of who did something. */
export interface Actor {
  readonly user: string;
  readonly host: string;
}

export function actor(): Actor {
  return { user: userName(), host: hostname() };
}

/** In a container the uid may have no user name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
