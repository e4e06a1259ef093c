// Run as a process of its own by embedded-database.ts: node create-cluster.js FOLDER
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

const folder = process.argv[2];
try {
  const pglite = await PGlite.create(folder);
  await pglite.close();

  // Shared buffers are memory of this process twice over: the operating system caches the files already.
  // Measured on 340,000 candles: 150 MB less resident than with the default of 128 MB, at the same speed.
  await appendFile(join(folder, "postgresql.conf"), "\nshared_buffers = 16MB\n");
} catch (error) {
  // A full disk comes as an object of Emscripten's file system that has a number and no message.
  process.stderr.write(`${error.message ?? JSON.stringify(error)}\n`);
  process.exitCode = 1;
}
