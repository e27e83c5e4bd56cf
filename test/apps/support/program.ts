import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An application in a process of its own, asked one operation a line. */
export interface Program {
  ask<Value>(operation: string, ...values: readonly unknown[]): Promise<Value>;
  stop(): Promise<void>;
}

/** The application refused, with the text of its own error. */
class AppError extends Error {}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** How long an application may take to start: some build their admin pages first. */
const START_MS = 240_000;

export async function startProgram({ command, cwd, env }: ProgramOptions): Promise<Program> {
  const [file = "", ...args] = command;
  const child = spawn(file, [...args, "serve"], { cwd, env: { ...process.env, ...env }, detached: true });
  let printed = "";
  child.stderr.on("data", (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-4000);
  });
  const waiting: Waiting[] = [];
  let ready: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    ready = resolve;
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = parsed(line);
    if (answer === null) printed += `${line}\n`;
    else if (answer.ready === true) ready();
    else if (answer.error !== undefined) waiting.shift()?.reject(new AppError(answer.error));
    else waiting.shift()?.resolve(answer.value as never);
  });
  const ended = once(child, "close").then(() => {
    for (const one of waiting.splice(0)) one.reject(new AppError(`the application ended:\n${printed}`));
  });
  child.stdin.on("error", () => {});
  const timer = setTimeout(() => kill(child), START_MS);
  await Promise.race([
    started,
    ended.then(() => Promise.reject(new AppError(`the application did not start:\n${printed}`))),
  ]);
  clearTimeout(timer);
  return {
    ask(operation, ...values) {
      return new Promise((resolve, reject) => {
        if (child.exitCode !== null) reject(new AppError(`the application ended:\n${printed}`));
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ do: operation, with: values })}\n`);
      });
    },
    async stop() {
      child.stdin.end();
      const late = setTimeout(() => kill(child), 20_000);
      await ended;
      clearTimeout(late);
      // Servers that the program started end with it.
      kill(child);
    },
  };
}

interface Answer {
  readonly ready?: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

function parsed(line: string): Answer | null {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return null;
  }
}

/** The process and all that it started: it leads a group of its own. */
function kill(child: ChildProcess): void {
  try {
    process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
  } catch {
    // It has ended.
  }
}
