import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended that did not end well. */
export interface ShellFailure {
  readonly how: string;
  readonly cause?: unknown;
}

/**
 * Runs a command in a shell with more in its environment; what it prints goes to stderr. Once the signal says so it is
 * killed, with all that it started. Null if it ended well.
 */
export function runShell(
  command: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ShellFailure | null> {
  return new Promise((resolve) => {
    // A group of its own: the shell alone would die and leave what it runs.
    const child = spawn(command, {
      shell: true,
      detached: true,
      env: { ...process.env, ...environment },
      stdio: ["ignore", 2, 2],
    });
    const kill = () => killGroup(child);
    signal.addEventListener("abort", kill, { once: true });
    if (signal.aborted) kill();
    child.once("error", (cause) => resolve({ how: cause.message, cause }));
    child.once("close", (code, killedBy) => {
      signal.removeEventListener("abort", kill);
      if (code === 0) resolve(null);
      else resolve({ how: code === null ? `ended by ${killedBy}` : `exit code ${code}` });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Windows has no groups of processes.
    child.kill("SIGKILL");
  }
}
