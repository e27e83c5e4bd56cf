import { spawn } from "node:child_process";
import { startTimeOf } from "./live-process.ts";
import type { Places } from "./places.ts";

/**
 * Stops the server when all its users were killed before they could unregister. It is a shell script, since it must
 * outlive this process and cost nothing. It takes the same lock as starting processes, so nobody gets a server that is
 * about to stop.
 */
export function watchServer(places: Places, postmaster: number): void {
  const server = `${postmaster}-${startTimeOf(postmaster)}`;
  const child = spawn("sh", ["-c", SCRIPT, "changeover-watch", places.users, places.lock, places.keep, server], {
    detached: true,
    stdio: "ignore",
    cwd: "/",
  });
  // Without a shell (Windows) only the last unregistering user stops the server.
  child.on("error", () => {});
  child.unref();
}

/** Processes are identified by "PID-start time", as in live-process.ts; without /proc by the PID alone. */
const SCRIPT = `
users=$1 lock=$2 keep=$3 server=$4

stat_of() {
  { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${line##*) }
  state=$1; shift 19; started=$1
}

alive() {
  number=\${1%%-*} mark=\${1#*-}; mark=\${mark%%-*}
  if [ -r /proc/self/stat ]; then
    stat_of "$number" && [ "$state" != Z ] && [ "$state" != X ] && { [ -z "$mark" ] || [ "$mark" = "$started" ]; }
  else
    ps -p "$number" >/dev/null 2>&1
  fi
}

used() {
  for file in "$users"/*; do
    [ -e "$file" ] && alive "\${file##*/}" && return 0
  done
  return 1
}

create() { (set -C; printf '%s' "$2" > "$1") 2>/dev/null; }

# Removes a lock whose holder has been dead (or that has been empty) for some rounds, by one process at a time.
stale=0
take() {
  create "$lock" "$me" && { stale=0; return 0; }
  by=; since=; { read -r by since < "$lock"; } 2>/dev/null
  if [ -n "$by" ] && alive "$by-$since"; then stale=0; return 1; fi
  stale=$((stale + 1))
  [ "$stale" -ge 5 ] || return 1
  create "$lock.breaking" "" || return 1
  by_now=; since_now=; { read -r by_now since_now < "$lock"; } 2>/dev/null
  [ "$by_now $since_now" = "$by $since" ] && rm -f "$lock"
  rm -f "$lock.breaking"
  return 1
}

started=; stat_of $$; me="$$ $started"
idle=0
while alive "$server"; do
  sleep 1
  if [ -e "$keep" ] || used; then idle=0; continue; fi
  idle=$((idle + 1))
  [ "$idle" -ge 5 ] || continue
  take || continue
  if [ ! -e "$keep" ] && ! used; then
    kill -INT "\${server%%-*}"
    while alive "$server"; do sleep 0.1 2>/dev/null || sleep 1; done
  fi
  rm -f "$lock"
done
`;
