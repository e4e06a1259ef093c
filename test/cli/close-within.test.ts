import { describe, expect, it, vi } from "vitest";
import { closeWithin } from "../../src/cli/close-within.js";

describe("closeWithin(timeoutMs, what, close, logger)", () => {
  it("waits for what ends, and says nothing", async () => {
    const logger = { error: vi.fn() };
    let isClosed = false;
    const close = async () => {
      await Promise.resolve();
      isClosed = true;
    };
    expect(await closeWithin(60_000, "it", close, logger)).toBe(true);
    expect(isClosed).toBe(true);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("leaves what never ends, and names it", async () => {
    const logger = { error: vi.fn() };
    expect(await closeWithin(5, "the live market", () => new Promise<void>(() => {}), logger)).toBe(false);
    expect(logger.error).toHaveBeenCalledWith({ what: "the live market", timeoutMs: 5 }, expect.any(String));
  });

  it("passes a failure on", async () => {
    const failing = () => Promise.reject(new Error("broken"));
    await expect(closeWithin(60_000, "it", failing, { error: vi.fn() })).rejects.toThrow("broken");
  });
});
