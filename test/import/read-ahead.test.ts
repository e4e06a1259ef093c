import { describe, expect, it } from "vitest";
import { readAhead } from "../../src/import/read-ahead.js";

async function* counting(fetched: number[], { failAt = Number.POSITIVE_INFINITY } = {}) {
  try {
    for (let item = 1; item <= 4; item++) {
      if (item === failAt) throw new Error(`item ${item}`);
      fetched.push(item);
      yield item;
    }
  } finally {
    fetched.push(0);
  }
}

const turn = () => new Promise((done) => setImmediate(done));

describe("readAhead(source)", () => {
  it("gives the items of the source in order", async () => {
    expect(await Array.fromAsync(readAhead(counting([])))).toEqual([1, 2, 3, 4]);
  });

  it("has fetched one item more, and no further, while the consumer works", async () => {
    const fetched: number[] = [];
    for await (const item of readAhead(counting(fetched))) {
      await turn();
      expect(fetched.at(-1)).toBe(item < 4 ? item + 1 : 0);
    }
  });

  it("throws a failure of the source after the items before it", async () => {
    const taken: number[] = [];
    const consume = async () => {
      for await (const item of readAhead(counting([], { failAt: 3 }))) taken.push(item);
    };
    await expect(consume()).rejects.toThrow("item 3");
    expect(taken).toEqual([1, 2]);
  });

  it("ends the source when the consumer stops early", async () => {
    const fetched: number[] = [];
    for await (const item of readAhead(counting(fetched))) if (item === 2) break;
    expect(fetched).toEqual([1, 2, 3, 0]);
  });
});
