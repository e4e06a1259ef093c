import { defineConfig } from "vitest/config";

const shared = {
  env: { TZ: "UTC", QUANTFLOW_LOG_LEVEL: "silent" },
  setupFiles: ["test/support/property-seed.ts"],
};

/**
 * Tests of processes, services and browsers wait for what a busy machine may delay without end: on CI each gets a
 * second try, and the report says which needed it.
 */
const secondTry = process.env.CI ? { retry: 1 } : {};

/**
 * `unit` needs nothing but the checkout; `services` talks to databases (and skips those that are missing
 * unless REQUIRE_SERVICES=1); `browser` builds the site and opens it in Chromium. The groups run one after
 * another: two site builds of one checkout exclude each other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          sequence: { groupOrder: 0 },
          include: [
            "test/{engine,contracts,compute,feeds,shared-state,ingestion,import,site,docs,cli,server}/**/*.test.ts",
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...shared,
          ...secondTry,
          name: "services",
          sequence: { groupOrder: 1 },
          include: ["test/{store,services}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          ...secondTry,
          name: "browser",
          sequence: { groupOrder: 2 },
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
