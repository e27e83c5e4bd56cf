import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TargetError } from "../../src/errors.ts";
import { DurableCommits } from "../../src/replay/durable-commits.ts";
import type { TargetSession } from "../../src/target/target.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that answers as it is told, and notes what it was asked. */
function server({ isCopied = false, fails }: { readonly isCopied?: boolean; readonly fails?: Error } = {}) {
  const disk = { has: false, asked: 0 };
  const session = {
    async rows(text: string) {
      disk.asked++;
      if (fails !== undefined) throw fails;
      return text.includes("pg_current_wal_insert_lsn")
        ? [{ lsn: "0/10", is_copied: isCopied }]
        : [{ is_on_disk: disk.has }];
    },
  } as unknown as TargetSession;
  return { commits: new DurableCommits(session), disk };
}

describe("commits that survive a crash", () => {
  it("are those that the disk has come past, and nobody waits for it", async () => {
    const { commits, disk } = server();
    expect(commits.committed(7n)).toBeNull();
    expect(await commits.next()).toBeNull();
    expect(commits.committed(8n)).toBeNull();
    vi.advanceTimersByTime(200);
    expect(await commits.next()).toBeNull();
    disk.has = true;
    vi.advanceTimersByTime(200);
    // Of what was committed since, nothing is known.
    expect(await commits.next()).toBe(7n);
    expect(commits.wantsOne).toBe(false);
  });

  it("are asked for every two seconds, and not where nothing was committed", async () => {
    const { commits, disk } = server();
    disk.has = true;
    expect(await commits.next()).toBeNull();
    expect(disk.asked).toBe(0);
    for (let time = 0; time < 10_000; time += 50) {
      commits.committed(BigInt(time));
      await commits.next();
      vi.advanceTimersByTime(50);
    }
    expect(disk.asked).toBeLessThanOrEqual(11);
    expect(disk.asked).toBeGreaterThan(5);
  });

  it.each([
    ["the server has copies that could take over", server({ isCopied: true })],
    [
      "it does not tell",
      server({
        fails: new TargetError({
          code: "TARGET_FAILED",
          message: "permission denied",
          hint: "",
          context: { sqlState: "42501" },
        }),
      }),
    ],
  ])("wait for it where %s", async (_, { commits }) => {
    commits.committed(7n);
    expect(await commits.next()).toBeNull();
    expect(commits.wantsOne).toBe(true);
    expect(commits.committed(8n)).toBe(8n);
    expect(commits.wantsOne).toBe(false);
  });

  it("wait for it where it is long in coming", async () => {
    const { commits } = server();
    commits.committed(7n);
    for (let time = 0; time < 6_000; time += 500) {
      await commits.next();
      vi.advanceTimersByTime(500);
    }
    expect(commits.wantsOne).toBe(true);
  });

  it("are no matter of a server that is gone", async () => {
    const { commits } = server({ fails: Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" }) });
    commits.committed(7n);
    await expect(commits.next()).rejects.toThrow("gone");
  });
});
