import { describe, expect, it } from "vitest";
import { readSharedStateSettings, withoutPassword } from "../../src/shared-state/shared-state-settings.js";

describe("readSharedStateSettings(environment)", () => {
  it("has no Redis unless one is named", () => {
    expect(readSharedStateSettings({})).toEqual({ redisUrl: undefined });
    expect(readSharedStateSettings({ REDIS_URL: "" })).toEqual({ redisUrl: undefined });
  });

  it("takes addresses with and without port, database, password and TLS", () => {
    const urls = [
      "redis://localhost",
      "redis://localhost:6379/2",
      "rediss://anna:secret@cache.example:6380",
      "redis://[::1]:1/",
    ];
    for (const redisUrl of urls) expect(readSharedStateSettings({ REDIS_URL: redisUrl })).toEqual({ redisUrl });
  });

  it("refuses anything else, naming the variable and what is accepted, never the password", () => {
    for (const url of ["localhost:6379", "http://localhost", "redis://", "redis://localhost/name", "redis://a:b@/"]) {
      expect(() => readSharedStateSettings({ REDIS_URL: url }), url).toThrow(
        expect.objectContaining({
          code: "CONFIGURATION_INVALID",
          message: expect.stringMatching(/^invalid REDIS_URL: .* \(accepted: redis:\/\//),
        }),
      );
    }
    expect(() => readSharedStateSettings({ REDIS_URL: "http://anna:s3cret@cache" })).toThrow(/anna:…@cache/);
  });
});

describe("withoutPassword(url)", () => {
  it("leaves the rest as it is", () => {
    expect(withoutPassword("redis://:s3cr@t@cache:6379/1")).toBe("redis://:…@cache:6379/1");
    expect(withoutPassword("redis://cache:6379/1")).toBe("redis://cache:6379/1");
  });
});
