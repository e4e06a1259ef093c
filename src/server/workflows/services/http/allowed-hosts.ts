import { WorkbenchError } from "../../../../engine/errors.js";

/** A host, and the one port of it that may be asked; the standard port of the scheme where none is named. */
export interface AllowedHost {
  readonly hostname: string;
  readonly port?: string;
}

const LONGEST_URL = 4_000;
const STANDARD_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** An entry of a list, `api.example.org` or `api.example.org:8443`, in the spelling of URLs; undefined if it is neither. */
export function allowedHost(entry: string): AllowedHost | undefined {
  if (/[/@?#*\\]/.test(entry)) return undefined;
  const url = URL.parse(`https://${entry}`);
  if (url === null || url.hostname === "") return undefined;
  const port = /:(\d+)$/.exec(entry)?.[1];
  const hostname = plainHostname(url.hostname);
  return port === undefined ? { hostname } : { hostname, port: String(Number(port)) };
}

/**
 * An address that may be asked. `URL` has rewritten the host: addresses in decimal, octal or hexadecimal numbers are
 * dotted by then, names are lower case and in ASCII.
 * @throws REQUEST_INVALID for what is no address of the web, REQUEST_FORBIDDEN for a host that is not allowed
 */
export function requireAllowedUrl(address: string | URL, hosts: readonly AllowedHost[]): URL {
  const text = String(address);
  const url = text.length > LONGEST_URL ? null : URL.parse(text);
  if (url === null || !(url.protocol in STANDARD_PORTS)) {
    throw new WorkbenchError(
      "REQUEST_INVALID",
      `invalid url: ${JSON.stringify(text.slice(0, 80))} (accepted: an address with http or https of up to ${LONGEST_URL} characters)`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new WorkbenchError(
      "REQUEST_INVALID",
      `invalid url: it carries a user name or password for ${url.host} (accepted: an address without; use a header)`,
    );
  }
  if (!isListed(url, hosts)) {
    throw new WorkbenchError(
      "REQUEST_FORBIDDEN",
      `forbidden host: ${url.host} (accepted: the hosts of WORKFLOW_HTTP_HOSTS${namesOf(hosts)})`,
      { details: { host: url.host, setting: "WORKFLOW_HTTP_HOSTS" } },
    );
  }
  return url;
}

export function isListed(url: URL, hosts: readonly AllowedHost[]): boolean {
  const standardPort = STANDARD_PORTS[url.protocol]!;
  const port = url.port === "" ? standardPort : url.port;
  return hosts.some((host) => host.hostname === plainHostname(url.hostname) && (host.port ?? standardPort) === port);
}

/** Without the dot that may end a full name: it is the same host. */
function plainHostname(hostname: string): string {
  return hostname.replace(/\.$/, "");
}

function namesOf(hosts: readonly AllowedHost[]): string {
  if (hosts.length === 0) return ", which is empty";
  return `: ${hosts.map(({ hostname, port }) => (port === undefined ? hostname : `${hostname}:${port}`)).join(", ")}`;
}
