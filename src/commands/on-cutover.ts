import { captureOwner } from "../capture/install.ts";
import { pause } from "../retry.ts";
import { isHandedOver } from "../source/fence/fence.ts";
import { openSource } from "../source/source.ts";

/** Options of {@link onCutover}. */
export interface OnCutoverOptions {
  /** Token for a libSQL server. */
  readonly sourceAuthToken?: string;
  /** How often to look, ms. A look costs some microseconds of SQLite. Default: 20. */
  readonly every?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** The target that has taken over, as shown to people: without user and password. */
export interface CutOver {
  /** The target, without user and password. */
  readonly target: string;
}

/**
 * For an application that switches by itself: calls back once, when PostgreSQL has taken over from its SQLite database,
 * where all writes are refused for good. Resolves after the callback, or once the signal has come. It reads the file by
 * @libsql/client. In a process that has the same file open by another library, closing it here would drop that
 * library's locks (https://www.sqlite.org/howtocorrupt.html#posix_close_bug): run it, or `changeover wait`, in a
 * process of its own there.
 *
 * @throws SourceError where the file cannot be read; what the callback throws.
 */
export async function onCutover(
  source: string,
  callback: (cutOver: CutOver) => void | Promise<void>,
  options: OnCutoverOptions = {},
): Promise<void> {
  const { every = 20, signal, sourceAuthToken } = options;
  const opened = openSource({
    url: source,
    ...(sourceAuthToken === undefined ? {} : { authToken: sourceAuthToken }),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    while (signal?.aborted !== true) {
      const owner = await opened.read(async (tx) => ((await isHandedOver(tx)) ? captureOwner(tx) : null));
      if (owner !== null) return await callback({ target: owner.target });
      await pause(every, signal);
    }
  } finally {
    opened.close();
  }
}
