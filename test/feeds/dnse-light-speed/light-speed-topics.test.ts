import { describe, expect, it } from "vitest";
import { lightSpeedTopics, topicContentOf } from "../../../src/feeds/dnse-light-speed/light-speed-topics.js";

const INDEX_TOPIC = "plaintext/quotes/krx/mdds/index/{name}";

describe("lightSpeedTopics(asked)", () => {
  it("has three topics for a symbol and one for an index, wherever it was asked for", () => {
    const topics = lightSpeedTopics({ symbols: ["HPG", "VN30"], indexes: ["VNINDEX"], indexTopic: INDEX_TOPIC });
    const names = [...topics.keys()].map((topic) => topic.replace("plaintext/quotes/krx/mdds/", ""));
    expect(names.filter((name) => !name.startsWith("boardevent"))).toEqual([
      "tick/v1/roundlot/symbol/HPG",
      "topprice/v1/roundlot/symbol/HPG",
      "stockinfo/v1/roundlot/symbol/HPG",
      "index/VNINDEX",
      "index/VN30",
    ]);
  });

  it("asks once for an index that has another symbol here", () => {
    const topics = lightSpeedTopics({ symbols: ["HNXINDEX"], indexes: ["HNX"], indexTopic: INDEX_TOPIC });
    expect([...topics.keys()].filter((topic) => topic.includes("/index/"))).toEqual([
      "plaintext/quotes/krx/mdds/index/HNX",
    ]);
  });

  it("never asks with a wildcard, and knows what each of its topics carries", () => {
    const topics = lightSpeedTopics({ symbols: ["HPG"], indexes: ["VNINDEX"], indexTopic: INDEX_TOPIC });
    for (const [topic, content] of topics) {
      expect(topic).not.toMatch(/[#+]/);
      expect(topicContentOf(topic)).toEqual(content);
    }
  });
});

describe("topicContentOf(topic)", () => {
  it.each([
    ["plaintext/quotes/krx/mdds/marketindex/v1/code/001", "market_index"],
    ["plaintext/quotes/krx/mdds/v2/ohlc/stock/1/HPG", "ignored"],
    ["quotes/krx/mdds/tick/v1/roundlot/symbol/HPG", "tick"],
    ["something/else", undefined],
  ])("takes %s for %s", (topic, kind) => expect(topicContentOf(topic)?.kind).toBe(kind));
});
