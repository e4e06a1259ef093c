import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { postgresUnavailable } from "../support/postgres-schema.js";

const script = fileURLToPath(new URL("../../bench/soak.ts", import.meta.url));

/** Two minutes, at most as long again to settle, and the start of an ingester, twice. */
const TIMEOUT_MS = 400_000;

describe.skipIf(await postgresUnavailable())("npm run soak", () => {
  it("loses no trade, stores none twice and takes no more memory through every kind of fault", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...["--import", "tsx", script, "--minutes", "2", "--rate", "1000"],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ minutes: 2, lost: 0, double: 0, wrong: 0, wrongCandles: 0, miscounted: 0 },
      // The last fault kills the ingester: what follows is a short life.
      memory: ["flat", "too short to judge"],
    });
  });
});
