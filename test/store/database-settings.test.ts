import { describe, expect, it } from "vitest";
import { readDatabaseSettings } from "../../src/store/database-settings.js";

describe("readDatabaseSettings(environment, {projectRoot})", () => {
  const read = (environment: Record<string, string>) => readDatabaseSettings(environment, { projectRoot: "/project" });

  it("takes the embedded database in the project when nothing is set, blank values included", () => {
    expect(read({ DATABASE_URL: "", POSTGRES_HOST: "" })).toEqual({
      databaseUrl: undefined,
      dataFolder: "/project/.quantflow",
    });
  });

  it("makes an address of the POSTGRES_ variables, whatever characters they hold", () => {
    const { databaseUrl } = read({ POSTGRES_HOST: "db", POSTGRES_PASSWORD: "p@ss/w:rd%", POSTGRES_DB: "a b" });
    expect(databaseUrl).toBe("postgresql://postgres:p%40ss%2Fw%3Ard%@db:5432/a%20b");
    expect(read({ POSTGRES_HOST: "::1", POSTGRES_PORT: "6000" }).databaseUrl).toBe(
      "postgresql://postgres@[::1]:6000/quantflow",
    );
  });

  it("prefers DATABASE_URL", () => {
    const url = "postgresql://reader@elsewhere/market";
    expect(read({ DATABASE_URL: url, POSTGRES_HOST: "db" }).databaseUrl).toBe(url);
  });

  it.each([
    [{ POSTGRES_HOST: "db", POSTGRES_PORT: "abc" }, 'invalid POSTGRES_PORT: "abc" (accepted: a port from 1 to 65535)'],
    [{ POSTGRES_HOST: "my host" }, 'invalid POSTGRES_HOST: "my host" (accepted: a host name or address'],
    [{ POSTGRES_HOST: "/var/run/postgresql" }, 'invalid POSTGRES_HOST: "/var/run/postgresql" (accepted:'],
  ])("refuses %o with what is accepted", (environment, message) => {
    expect(() => read(environment)).toThrow(
      expect.objectContaining({ code: "CONFIGURATION_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
