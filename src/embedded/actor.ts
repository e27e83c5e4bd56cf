import { hostname, userInfo } from "node:os";

/** Who does something, as the machine sees it. */
export interface Actor {
  readonly user: string;
  readonly host: string;
}

export function actor(): Actor {
  return { user: userName(), host: hostname() };
}

/** In a container the user's number may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
