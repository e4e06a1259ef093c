import { describe, expect, it } from "vitest";
import { readServerSettings } from "../../src/server/server-settings.js";

describe("readServerSettings(environment)", () => {
  it("takes port 3000 and warnings when nothing is set", () => {
    expect(readServerSettings({ PORT: "" })).toEqual({ port: 3000, logLevel: "warn" });
  });

  it.each([
    [{ PORT: "80.5" }, 'invalid PORT: "80.5" (accepted: a port from 0 to 65535)'],
    [{ PORT: "65536" }, 'invalid PORT: "65536" (accepted: a port from 0 to 65535)'],
    [{ QUANTFLOW_LOG_LEVEL: "loud" }, 'invalid QUANTFLOW_LOG_LEVEL: "loud" (accepted: fatal, error, warn,'],
  ])("refuses %o with what is accepted", (environment, message) => {
    expect(() => readServerSettings(environment)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
