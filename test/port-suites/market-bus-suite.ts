import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MarketBus, MarketMessage } from "../../src/shared-state/market-bus.js";
import { messageOf } from "../shared-state/market-messages.js";

export interface BusUnderTest {
  /** Where messages are published. */
  readonly ingester: MarketBus;
  /** Where they are listened to: the same bus, or another one on the same market. */
  readonly server: MarketBus;
  /** Waits until a listener that was just added misses nothing. */
  settle(): Promise<void>;
  dispose(): Promise<void>;
}

/** What every market bus keeps. */
export function marketBusSuite(name: string, open: () => Promise<BusUnderTest>): void {
  describe(name, () => {
    let buses: BusUnderTest;
    beforeEach(async () => {
      buses = await open();
    });
    afterEach(() => buses.dispose());

    const collect = () => {
      const messages: MarketMessage[] = [];
      return { messages, listener: (message: MarketMessage) => messages.push(message) };
    };
    const until = (condition: () => void) => vi.waitFor(condition, { timeout: 10_000, interval: 5 });
    const sequences = (messages: readonly MarketMessage[]) => messages.map(({ sequence }) => sequence);
    const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

    it("brings every message to every listener, once, in order and unchanged", async () => {
      const [one, other] = [collect(), collect()];
      buses.server.subscribe(one.listener);
      buses.server.subscribe(other.listener);
      await buses.settle();
      const sent = upTo(300).map((sequence) => messageOf(sequence));
      for (const message of sent) await buses.ingester.publish(message);
      await until(() => expect(one.messages).toHaveLength(300));
      expect(one.messages).toStrictEqual(sent);
      expect(other.messages).toStrictEqual(sent);
    });

    it("keeps the order of messages that nobody waited for", async () => {
      const { messages, listener } = collect();
      buses.server.subscribe(listener);
      await buses.settle();
      await Promise.all(upTo(100).map((sequence) => buses.ingester.publish(messageOf(sequence))));
      await until(() => expect(messages).toHaveLength(100));
      expect(sequences(messages)).toEqual(upTo(100));
    });

    it("gives a listener that comes late the last message, then what follows", async () => {
      for (const sequence of [1, 2, 3]) await buses.ingester.publish(messageOf(sequence));
      const { messages, listener } = collect();
      buses.server.subscribe(listener);
      await until(() => expect(sequences(messages)).toEqual([3]));
      await buses.ingester.publish(messageOf(4));
      await until(() => expect(sequences(messages)).toEqual([3, 4]));
      const later = collect();
      buses.server.subscribe(later.listener);
      await until(() => expect(sequences(later.messages)).toEqual([4]));
    });

    it("drops what it has passed on before, and takes a new epoch from its beginning", async () => {
      const { messages, listener } = collect();
      buses.server.subscribe(listener);
      await buses.settle();
      const sent = [messageOf(1), messageOf(2), messageOf(2), messageOf(1), messageOf(1, { epoch: "second" })];
      for (const message of sent) await buses.ingester.publish(message);
      await until(() => expect(messages).toHaveLength(3));
      expect(messages.map(({ epoch, sequence }) => [epoch, sequence])).toEqual([
        ["first", 1],
        ["first", 2],
        ["second", 1],
      ]);
    });

    it("goes on when a listener throws", async () => {
      const { messages, listener } = collect();
      buses.server.subscribe(() => {
        throw new Error("a listener's own fault");
      });
      buses.server.subscribe(listener);
      await buses.settle();
      await buses.ingester.publish(messageOf(1));
      await buses.ingester.publish(messageOf(2));
      await until(() => expect(sequences(messages)).toEqual([1, 2]));
    });

    it("calls a listener no more once it has left, even from within its own call", async () => {
      const [leaving, staying] = [collect(), collect()];
      const leave = buses.server.subscribe((message) => {
        leaving.listener(message);
        leave();
      });
      buses.server.subscribe(staying.listener);
      await buses.settle();
      for (const sequence of [1, 2]) await buses.ingester.publish(messageOf(sequence));
      await until(() => expect(staying.messages).toHaveLength(2));
      expect(leaving.messages).toHaveLength(1);
    });

    it("says that it is up, and that it is closed; closed, it takes messages without a word", async () => {
      buses.server.subscribe(() => {});
      await until(() => expect(buses.server.health.isUp).toBe(true));
      await buses.ingester.close();
      expect(buses.ingester.health).toEqual({ isUp: false, reason: "closed" });
      await buses.ingester.publish(messageOf(1));
    });
  });
}
