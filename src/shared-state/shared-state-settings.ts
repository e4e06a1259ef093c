import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

const ACCEPTED = "accepted: redis://[user:password@]host[:port][/database] or rediss://…";

const sharedStateEnvironment = z.object({
  REDIS_URL: z.preprocess(
    (value) => (value === "" ? undefined : value),
    z
      .string()
      .refine((text) => isRedisUrl(text), ACCEPTED)
      .optional(),
  ),
});

/** `REDIS_URL`: what several processes share; memory of each process when it is not set. @throws CONFIGURATION_INVALID */
export function readSharedStateSettings(environment: Readonly<Record<string, string | undefined>>): {
  readonly redisUrl: string | undefined;
} {
  const parsed = sharedStateEnvironment.safeParse(environment);
  if (parsed.success) return { redisUrl: parsed.data.REDIS_URL };
  const value = withoutPassword(environment.REDIS_URL ?? "");
  throw new WorkbenchError("CONFIGURATION_INVALID", `invalid REDIS_URL: ${JSON.stringify(value)} (${ACCEPTED})`, {
    details: { name: "REDIS_URL" },
  });
}

/** For messages and logs. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/@]*?):.*@/, "$1:…@");
}

function isRedisUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    ["redis:", "rediss:"].includes(url.protocol) &&
    url.hostname !== "" &&
    /^(\/\d*)?$/.test(url.pathname)
  );
}
