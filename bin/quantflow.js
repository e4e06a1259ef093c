#!/usr/bin/env node
import { existsSync } from "node:fs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  console.error(
    `NODE_TOO_OLD: this is Node ${process.versions.node}, the workbench needs 22.15 or newer: run it through npm, which brings its own (npm run quantflow -- …)`,
  );
  process.exit(3);
}
const environmentFile = new URL("../.env", import.meta.url);
if (existsSync(environmentFile)) process.loadEnvFile(environmentFile); // what the shell sets comes first
process.removeAllListeners("warning"); // node:sqlite, used for the folder lock, still announces itself as experimental
const { register } = await import("tsx/esm/api");
register();
const { runCli } = await import("../src/cli/main.ts");
await runCli(process.argv.slice(2));
