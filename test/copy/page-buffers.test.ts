import { expect, it } from "vitest";
import { PageBuffers } from "../../src/copy/page-buffers.ts";

it("leaves a page alone while the next one is made, and uses its memory for the one after that", () => {
  const buffers = new PageBuffers();
  const pages = [1, 2, 3].map((page) => {
    buffers.turn();
    return buffers.take(1_000).fill(page);
  });
  expect(pages[0]).not.toBe(pages[1]);
  expect(pages[1]?.every((byte) => byte === 2)).toBe(true);
  expect(pages[2]).toBe(pages[0]);
});

it("keeps no memory of a page larger than most", () => {
  const buffers = new PageBuffers();
  expect(buffers.take(9 << 20).length).toBe(9 << 20);
  expect(buffers.take(1_000).length).toBeLessThan(2_000);
});
