import { join, resolve } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

export type Environment = Readonly<Record<string, string | undefined>>;

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const optionalText = z.preprocess(blankIsUnset, z.string().optional());

const databaseEnvironment = z.object({
  DATABASE_URL: optionalText,
  POSTGRES_HOST: optionalText,
  POSTGRES_PORT: z.preprocess(blankIsUnset, z.coerce.number().int().min(1).max(65_535).default(5432)),
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
    const [issue] = parsed.error.issues;
    throw new WorkbenchError("CONFIGURATION_INVALID", `invalid ${issue!.path.join(".")}: ${issue!.message}`);
  }
  const { data } = parsed;
  return {
    databaseUrl: data.DATABASE_URL ?? serverUrl(data),
    dataFolder: data.QUANTFLOW_HOME === undefined ? join(projectRoot, ".quantflow") : resolve(data.QUANTFLOW_HOME),
  };
}

function serverUrl(server: z.infer<typeof databaseEnvironment>): string | undefined {
  if (server.POSTGRES_HOST === undefined) return undefined;
  const url = new URL(`postgresql://${server.POSTGRES_HOST}:${server.POSTGRES_PORT}`);
  url.username = server.POSTGRES_USER ?? "postgres";
  url.password = server.POSTGRES_PASSWORD ?? "";
  url.pathname = `/${server.POSTGRES_DB ?? "quantflow"}`;
  return url.href;
}
