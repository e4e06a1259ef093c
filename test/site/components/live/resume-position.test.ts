import { describe, expect, it } from "vitest";
import { ChannelCounts, inRequests } from "../../../../notebooks/components/live/channel-counts.js";
import { ResumePosition } from "../../../../notebooks/components/live/resume-position.js";

describe("ResumePosition", () => {
  it("knows nothing before the first frame", () => {
    expect(new ResumePosition().from).toBeUndefined();
  });

  it("is the highest sequence of the epoch, whatever the order of the frames", () => {
    const position = new ResumePosition();
    for (const sequence of [4, 7, 6]) position.note("a", sequence);
    expect(position.from).toEqual({ epoch: "a", sequence: 7 });
  });

  it("begins anew with another epoch, whose sequences may be lower", () => {
    const position = new ResumePosition();
    position.note("a", 900);
    position.note("b", 2);
    expect(position.from).toEqual({ epoch: "b", sequence: 2 });
  });

  it("can be forgotten, as when a replay takes the place of the present", () => {
    const position = new ResumePosition();
    position.note("a", 9);
    position.forget();
    expect(position.from).toBeUndefined();
  });
});

describe("ChannelCounts", () => {
  it("asks once for a channel that two figures want, and leaves it with the second of them", () => {
    const channels = new ChannelCounts();
    expect([channels.add("feed"), channels.add("feed")]).toEqual([true, false]);
    expect([channels.remove("feed"), channels.all, channels.remove("feed"), channels.all]).toEqual([
      false,
      ["feed"],
      true,
      [],
    ]);
  });

  it("does not mind that an unknown channel is left", () => {
    expect(new ChannelCounts().remove("feed")).toBe(false);
  });
});

describe("inRequests(channels, size)", () => {
  it("splits what would be too much for one request", () => {
    expect(inRequests(["a", "b", "c"], 2)).toEqual([["a", "b"], ["c"]]);
    expect(inRequests([], 2)).toEqual([]);
  });
});
