// Run as a process of its own by embedded-database.ts: node create-cluster.js FOLDER
import { PGlite } from "@electric-sql/pglite";

const pglite = await PGlite.create(process.argv[2]);
await pglite.close();
