import { z } from "zod";
import { WorkbenchError } from "../../../../engine/errors.js";
import type { Environment } from "../../../../store/database-settings.js";
import { type AllowedHost, allowedHost } from "./allowed-hosts.js";

const ACCEPTED = "accepted: host names or host:port, separated by commas, without scheme, path or pattern";

const hostList = z
  .string()
  .default("")
  .transform((text, context) => {
    const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
    return entries.flatMap((entry): AllowedHost[] => {
      const host = allowedHost(entry);
      if (host !== undefined) return [host];
      context.addIssue({ code: "custom", message: ACCEPTED });
      return [];
    });
  });

const httpEnvironment = z.object({
  WORKFLOW_HTTP_HOSTS: hostList,
  WORKFLOW_HTTP_PRIVATE_HOSTS: hostList,
});

export interface HttpSettings {
  /** Hosts that workflows may ask; none unless set. */
  readonly hosts: readonly AllowedHost[];
  /** Those of them that may have an address within a private network. */
  readonly privateHosts: readonly AllowedHost[];
}

/** `WORKFLOW_HTTP_HOSTS` and `WORKFLOW_HTTP_PRIVATE_HOSTS`. @throws CONFIGURATION_INVALID */
export function readHttpSettings(environment: Environment): HttpSettings {
  const parsed = httpEnvironment.safeParse(environment);
  if (parsed.success) {
    const { WORKFLOW_HTTP_HOSTS: hosts, WORKFLOW_HTTP_PRIVATE_HOSTS: privateHosts } = parsed.data;
    return { hosts, privateHosts };
  }
  const [issue] = parsed.error.issues;
  const name = String(issue!.path[0]);
  throw new WorkbenchError(
    "CONFIGURATION_INVALID",
    `invalid ${name}: ${JSON.stringify(environment[name])} (${issue!.message})`,
    { details: { name } },
  );
}
