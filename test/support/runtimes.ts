import { spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Another JavaScript runtime, as an npm package in a temporary folder that later runs find again. Not a dependency
 * of the project: each is as big as all of its others together.
 */
export async function runtime(name: "bun" | "deno" | "node", version: string): Promise<string> {
  const home = join(tmpdir(), "changeover-runtimes", `${name}-${version}`);
  const binary = join(home, "node_modules", ".bin", name);
  if (existsSync(binary)) return binary;
  const fresh = `${home}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const { code, output } = await finished("npm", [
    "install",
    "--prefix",
    fresh,
    "--no-audit",
    "--no-fund",
    "--no-save",
    `${name}@${version}`,
  ]);
  if (code !== 0) throw new Error(`npm install ${name}@${version} failed: ${output}`);
  if (existsSync(home)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, home);
  return binary;
}

/** Runs a command to its end. */
export function finished(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      output += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, output }));
  });
}
