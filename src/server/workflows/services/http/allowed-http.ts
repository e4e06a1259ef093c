import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { WorkbenchError } from "../../../../engine/errors.js";
import type { HttpAnswer, HttpCall, HttpSource } from "../../../../engine/workflow/node-services.js";
import { throwIfAborted } from "../throw-if-aborted.js";
import { isListed, requireAllowedUrl } from "./allowed-hosts.js";
import type { HttpSettings } from "./http-settings.js";
import { type PinnedLimits, sendPinned } from "./pinned-request.js";
import { isPublicAddress } from "./public-address.js";

const MOST_REDIRECTS = 3;
const LIMITS: PinnedLimits = { mostBytes: 8 * 1024 * 1024, timeoutMs: 30_000 };
const LARGEST_BODY = 1024 * 1024;

/** Headers that say how a connection works: they are this program's. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|accept-encoding|proxy-.*)$/i;
/** Headers that may follow a redirect to another host: no secret stands in them. */
const HARMLESS_HEADERS = /^(accept|accept-language|content-type|user-agent)$/i;

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface AllowedHttpOptions extends HttpSettings {
  readonly limits?: PinnedLimits;
  /** Every address of a name; the system's resolver unless given. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

/**
 * Requests to the hosts of a list. A name is resolved once and every address it has must be a public one; the
 * connection goes to an address that was checked, so that a name cannot turn elsewhere in between. Redirects are
 * checked the same way, at most three of them.
 */
export class AllowedHttp implements HttpSource {
  readonly #options: AllowedHttpOptions;

  constructor(options: AllowedHttpOptions) {
    this.#options = options;
  }

  /** @throws REQUEST_FORBIDDEN, REQUEST_INVALID, REQUEST_TOO_LARGE, HTTP_REQUEST_FAILED, CANCELLED */
  async request(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
    requireCall(call);
    let { method, body } = call;
    let headers: Readonly<Record<string, string>> = call.headers;
    let url = requireAllowedUrl(call.url, this.#options.hosts);
    for (let redirects = 0; ; redirects++) {
      throwIfAborted(signal);
      const address = await this.#checkedAddress(url);
      const { limits = LIMITS } = this.#options;
      const answer = await sendPinned({ method, url, headers, body, address }, limits, signal);
      const { status, location, contentType, bytes } = answer;
      if (!REDIRECTS.has(status) || location === undefined) return { status, contentType, text: textOf(answer) };
      if (redirects === MOST_REDIRECTS) {
        throw new WorkbenchError(
          "HTTP_REQUEST_FAILED",
          `no answer of ${url.host}: it redirects more than ${MOST_REDIRECTS} times`,
          { details: { host: url.host, bytes: bytes.length } },
        );
      }
      const next = requireAllowedUrl(URL.parse(location, url) ?? location, this.#options.hosts);
      // As browsers do: only 307 and 308 repeat what was sent.
      if (status < 307 && method !== "GET") {
        method = "GET";
        body = undefined;
      }
      if (next.origin !== url.origin) headers = only(headers, HARMLESS_HEADERS);
      url = next;
    }
  }

  async #checkedAddress(url: URL): Promise<LookupAddress> {
    const hostname = url.hostname.replace(/^\[|\]$/g, "");
    const family = isIP(hostname);
    const addresses = family > 0 ? [{ address: hostname, family }] : await this.#resolve(url, hostname);
    if (isListed(url, this.#options.privateHosts)) return addresses[0]!;
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused === undefined) return addresses[0]!;
    throw new WorkbenchError(
      "REQUEST_FORBIDDEN",
      `forbidden address: ${url.host} is ${refused.address}, which is not on the public internet (accepted: a public address, or a host of WORKFLOW_HTTP_PRIVATE_HOSTS)`,
      { details: { host: url.host, address: refused.address, setting: "WORKFLOW_HTTP_PRIVATE_HOSTS" } },
    );
  }

  async #resolve({ host }: URL, hostname: string): Promise<readonly LookupAddress[]> {
    const { resolve = (name: string) => lookup(name, { all: true }) } = this.#options;
    try {
      const addresses = await resolve(hostname);
      if (addresses.length > 0) return addresses;
    } catch (cause) {
      throw unresolved(host, cause);
    }
    throw unresolved(host);
  }
}

function unresolved(host: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError("HTTP_REQUEST_FAILED", `no answer of ${host}: its name has no address`, {
    cause,
    details: { host },
  });
}

function requireCall({ headers, body = "" }: HttpCall): void {
  for (const name of Object.keys(headers)) {
    if (!OWN_HEADERS.test(name)) continue;
    throw new WorkbenchError(
      "REQUEST_INVALID",
      `invalid header: ${name.slice(0, 80)} is set by the workbench (accepted: headers that say nothing of the connection)`,
    );
  }
  const bytes = Buffer.byteLength(body);
  if (bytes <= LARGEST_BODY) return;
  throw new WorkbenchError("REQUEST_TOO_LARGE", `invalid body: ${bytes} bytes (accepted: up to ${LARGEST_BODY})`);
}

function only(headers: Readonly<Record<string, string>>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.test(name)));
}

/** In the character set that the answer names, else UTF-8. */
function textOf({ contentType, bytes }: { readonly contentType: string; readonly bytes: Buffer }): string {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
