import { isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

export type Environment = Readonly<Record<string, string | undefined>>;

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const PORT_ACCEPTED = "accepted: a port from 1 to 65535";
const optionalText = z.preprocess(blankIsUnset, z.string().optional());

const databaseEnvironment = z.object({
  DATABASE_URL: optionalText,
  POSTGRES_HOST: optionalText,
  POSTGRES_PORT: z.preprocess(
    blankIsUnset,
    z.coerce.number(PORT_ACCEPTED).int(PORT_ACCEPTED).min(1, PORT_ACCEPTED).max(65_535, PORT_ACCEPTED).default(5432),
  ),
  POSTGRES_USER: optionalText,
  POSTGRES_PASSWORD: optionalText,
  POSTGRES_DB: optionalText,
  QUANTFLOW_HOME: optionalText,
});

/**
 * Where the data lives: `DATABASE_URL`, else the server that `POSTGRES_HOST` names, else the embedded database in
 * `QUANTFLOW_HOME` (default `.quantflow` in the project).
 * @throws CONFIGURATION_INVALID
 */
export function readDatabaseSettings(
  environment: Environment,
  { projectRoot }: { projectRoot: string },
): { readonly databaseUrl: string | undefined; readonly dataFolder: string } {
  const parsed = databaseEnvironment.safeParse(environment);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]!.path[0]);
    throw invalidVariable(name, environment[name], parsed.error.issues[0]!.message);
  }
  const { data } = parsed;
  return {
    databaseUrl: data.DATABASE_URL ?? serverUrl(data),
    dataFolder: data.QUANTFLOW_HOME === undefined ? join(projectRoot, ".quantflow") : resolve(data.QUANTFLOW_HOME),
  };
}

function invalidVariable(name: string, value: string | undefined, problem: string): WorkbenchError {
  return new WorkbenchError("CONFIGURATION_INVALID", `invalid ${name}: ${JSON.stringify(value)} (${problem})`, {
    details: { name },
  });
}

function serverUrl(server: z.infer<typeof databaseEnvironment>): string | undefined {
  const host = server.POSTGRES_HOST;
  if (host === undefined) return undefined;
  const address = `postgresql://${isIPv6(host) ? `[${host}]` : host}:${server.POSTGRES_PORT}`;
  const url = URL.parse(address);
  if (url === null || url.hostname === "" || url.pathname !== "") {
    throw invalidVariable("POSTGRES_HOST", host, "accepted: a host name or address; DATABASE_URL can name a socket");
  }
  url.username = server.POSTGRES_USER ?? "postgres";
  url.password = server.POSTGRES_PASSWORD ?? "";
  url.pathname = `/${server.POSTGRES_DB ?? "quantflow"}`;
  return url.href;
}
