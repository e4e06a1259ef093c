import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/store/open-database.js";
import { placeCluster } from "../support/embedded-cluster.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";
import { type ProcessEnvironment, runQuantflow } from "../support/quantflow-process.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

/** How `quantflow start` ends when it cannot begin: exit code 3 and one line on standard error. */
async function startFailure(environment: ProcessEnvironment, ...options: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runQuantflow(["start", "--port", "0", ...options], {
    QUANTFLOW_HOME: folder.path,
    ...environment,
  });
  expect(stdout).toBe("");
  expect(exitCode, stderr).toBe(3);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  return stderr.trimEnd();
}

describe.concurrent("quantflow start <with wrong settings>", () => {
  it("says what DATABASE_URL accepts when it names another kind of database", async () => {
    expect(await startFailure({ DATABASE_URL: "mysql://root@localhost/market" })).toBe(
      "DATABASE_URL_INVALID: invalid DATABASE_URL (accepted: postgresql://user:password@host:port/database)",
    );
  });

  it("says what PORT accepts", async () => {
    expect(await startFailure({ PORT: "eighty" })).toMatch(
      /^CONFIGURATION_INVALID: invalid PORT: "eighty" \(accepted: a port from 0 to 65535\)$/,
    );
  });

  it("says that the data folder cannot be one", async () => {
    const home = folder.file("not-a-folder", "");
    expect(await startFailure({ QUANTFLOW_HOME: home })).toMatch(
      /^DATA_FOLDER_UNUSABLE: the data folder .* cannot be /,
    );
  });

  it("says that no database answers, where, and what to do", async () => {
    const port = await freePort();
    const message = await startFailure({ DATABASE_URL: `postgresql://quant:secret@127.0.0.1:${port}/market` });
    expect(message).toBe(
      `DATABASE_UNREACHABLE: no database answers at 127.0.0.1:${port}/market (ECONNREFUSED): start it, or correct or unset DATABASE_URL`,
    );
  });

  it("passes on that the server refused the password, and never prints it", async () => {
    const server = await serverThatRefusesPasswords();
    try {
      const { port } = server.address() as { port: number };
      const message = await startFailure({ DATABASE_URL: `postgresql://quant:hunter2@127.0.0.1:${port}/market` });
      expect(message).toMatch(
        /^DATABASE_URL_INVALID: DATABASE_URL was refused by 127\.0\.0\.1:\d+\/market: password authentication failed/,
      );
      expect(message).not.toContain("hunter2");
    } finally {
      server.close();
    }
  });
});

describe("quantflow start <on an embedded database>", () => {
  let home: TemporaryFolder;
  beforeAll(async () => {
    home = new TemporaryFolder();
    await placeCluster(home.path);
  });
  afterAll(() => home.remove());

  const settings = () => ({ databaseUrl: undefined, dataFolder: home.path, purpose: "import" });

  it("names the process that holds the data folder", async () => {
    const holder = await openDatabase(settings());
    try {
      expect(await startFailure({ QUANTFLOW_HOME: home.path })).toMatch(
        new RegExp(
          `^DATA_FOLDER_LOCKED: the data folder ${home.path} is in use by quantflow import \\(process ${process.pid}, since .*\\): stop it or wait$`,
        ),
      );
    } finally {
      await holder.close();
    }
  });

  it("asks for a newer program when the schema is newer", async () => {
    const database = await openDatabase(settings());
    await database.execute(
      "INSERT INTO schema_migrations (version, name, checksum, flavour) VALUES (9999, 'future', '', 'plain')",
    );
    await database.close();
    expect(await startFailure({ QUANTFLOW_HOME: home.path })).toMatch(
      /^SCHEMA_NEWER_THAN_PROGRAM: the database has schema version 9999 \(future\), this program knows up to \d+: update the program$/,
    );
  });
});

const noPostgres = await postgresUnavailable();
describe.skipIf(noPostgres)(`quantflow start <on PostgreSQL>${noPostgres ? ` (${noPostgres})` : ""}`, () => {
  let schema: TemporarySchema;
  beforeAll(async () => {
    schema = await createTemporarySchema();
  });
  afterAll(() => schema?.drop());

  it("names a database that does not exist", async () => {
    const url = new URL(schema.url);
    url.pathname = "/quantflow_has_no_such_database";
    expect(await startFailure({ DATABASE_URL: url.href })).toMatch(
      /^DATABASE_URL_INVALID: DATABASE_URL was refused by .*: database "quantflow_has_no_such_database" does not exist$/,
    );
  });

  it("asks for a newer program when the schema is newer", async () => {
    const database = await openDatabase({ databaseUrl: schema.url, dataFolder: folder.path, purpose: "test" });
    await database.execute(
      "INSERT INTO schema_migrations (version, name, checksum, flavour) VALUES (9999, 'future', '', 'plain')",
    );
    await database.close();
    expect(await startFailure({ DATABASE_URL: schema.url })).toMatch(/^SCHEMA_NEWER_THAN_PROGRAM: /);
  });
});

async function freePort(): Promise<number> {
  const server = await listening(createServer());
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Speaks as much of PostgreSQL's protocol as it takes to answer a startup message with SQLSTATE 28P01. */
function serverThatRefusesPasswords(): Promise<Server> {
  const fields = 'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "quant"\0\0';
  const refusal = Buffer.alloc(5 + fields.length);
  refusal.write("E", 0);
  refusal.writeInt32BE(4 + fields.length, 1);
  refusal.write(fields, 5);
  return listening(createServer((socket) => socket.once("data", () => socket.end(refusal))));
}

function listening(server: Server): Promise<Server> {
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
