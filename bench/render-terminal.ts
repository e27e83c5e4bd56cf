import type { PeerResult } from "./peers.ts";
import type { ShapeRound } from "./recorded.ts";
import type { Row } from "./row.ts";

/** One line for each figure. */
export function renderRows(rows: readonly Row[]): string {
  return rows
    .map(
      (row) =>
        `${verdict(row).padEnd(8)}${(row.ratio === null ? "" : row.ratio.toFixed(2)).padStart(6)}  ${row.what}: ` +
        `${row.ours} against ${row.theirs} (${row.against}; wanted: ${row.wanted})\n`,
    )
    .join("");
}

export function verdict({ meets }: Row): string {
  return meets === null ? "no peer" : meets ? "met" : "not met";
}

/** One line for a round. */
export function renderShape(name: string, { ours, pgloader, pgloader_tuned: tuned, ...round }: ShapeRound): string {
  return (
    `${name}: ${ours.seconds} s for ${round.rows.toLocaleString("en")} rows, ${ours.largest_mb} MB (all ` +
    `${ours.together_mb}); pgloader ${renderPeer(pgloader)}, tuned ${renderPeer(tuned)}; load ${round.load}\n`
  );
}

export function renderPeer(peer: PeerResult | null): string {
  if (peer === null) return "–";
  switch (peer.kind) {
    case "done":
      return `${peer.seconds.toFixed(1)} s`;
    case "failed":
      return "failed";
    case "timeout":
      return `over ${Math.floor(peer.seconds)} s`;
  }
}
