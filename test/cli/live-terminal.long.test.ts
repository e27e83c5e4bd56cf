import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const hasTmux = existsSync("/usr/bin/tmux");

function tmux(socket: string, ...args: readonly string[]): string {
  return execFileSync("tmux", ["-L", socket, ...args], { cwd: ROOT, encoding: "utf8" });
}

/** The view in a terminal of that many columns, which may become another number afterwards. */
async function screenAt(columns: number, resizedTo?: number): Promise<string> {
  const socket = `changeover-${process.pid}-${columns}-${resizedTo ?? 0}`;
  const command = "node --import jiti/register test/support/show-live.ts";
  tmux(socket, "new-session", "-d", "-x", String(columns), "-y", "12", command);
  onTestFinished(() => void tmux(socket, "kill-server"));
  const screen = () => tmux(socket, "capture-pane", "-p").trimEnd();
  await expect.poll(screen, { timeout: 20_000 }).toContain("Ctrl-C");
  await expect.poll(screen).toContain("45 %");
  if (resizedTo === undefined) return screen();
  tmux(socket, "resize-window", "-x", String(resizedTo), "-y", "12");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return screen();
}

describe.skipIf(!hasTmux)("the live view in a terminal (needs tmux)", () => {
  it.each([60, 80, 160])("fits %i columns", { timeout: 60_000 }, async (columns) => {
    const screen = await screenAt(columns);
    expect(Math.max(...screen.split("\n").map((line) => line.length))).toBeLessThan(columns);
    await expect(screen).toMatchFileSnapshot(`../golden/live-view-${columns}.txt`);
  });

  it("is right again after the terminal became narrower", { timeout: 60_000 }, async () => {
    const screen = await screenAt(160, 60);
    for (const line of screen.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
    expect(screen.match(/Ctrl-C/g)).toHaveLength(1);
    expect(screen.match(/^copy /gm)).toHaveLength(1);
  });
});
