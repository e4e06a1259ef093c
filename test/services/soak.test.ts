import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { postgresUnavailable } from "../support/postgres-schema.js";

const script = fileURLToPath(new URL("../../bench/soak.ts", import.meta.url));

describe.skipIf(await postgresUnavailable())("npm run soak", () => {
  it("loses no trade and stores none twice through every kind of fault", { timeout: 400_000 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...["--import", "tsx", script, "--minutes", "1", "--rate", "1000"],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ lost: 0, double: 0, wrong: 0, wrongCandles: 0, miscounted: 0 });
  });
});
