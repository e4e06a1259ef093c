import { describe, expect, it } from "vitest";
import { readAddress, writeAddress } from "../../../notebooks/components/controls/address-state.js";

describe("readAddress(query, name, fallback, accepts)", () => {
  it("reads a value", () => expect(readAddress("?source=DCE.I&lag=3", "lag", "0")).toBe("3"));
  it("falls back when the name is absent", () => expect(readAddress("?lag=3", "source", "HPG")).toBe("HPG"));
  it("falls back when the value is not accepted", () => {
    expect(readAddress("?period=2d", "period", "1d", (value) => value === "1m")).toBe("1d");
  });
  it("decodes what the address encodes", () => expect(readAddress("?source=%5EGSPC", "source", "")).toBe("^GSPC"));
});

describe("writeAddress(query, name, value, fallback)", () => {
  it("sets one name and leaves the others", () => {
    expect(writeAddress("?source=DCE.I", "lag", "3", "0")).toBe("?source=DCE.I&lag=3");
  });
  it("keeps the default out of the address", () => {
    expect(writeAddress("?lag=3", "lag", "0", "0")).toBe("");
    expect(writeAddress("", "lag", "0", "0")).toBe("");
  });
  it("writes what readAddress reads back", () => {
    const query = writeAddress("?a=1", "target", "USD/VND & co", "");
    expect(readAddress(query, "target", "")).toBe("USD/VND & co");
    expect(readAddress(query, "a", "")).toBe("1");
  });
});
