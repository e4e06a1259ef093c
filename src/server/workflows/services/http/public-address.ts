import ipaddr from "ipaddr.js";

/** All that is given out as public IPv6, RFC 4291. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3");

/** Special-purpose ranges of IANA's registries that the library takes for ordinary ones, or may. */
const SPECIAL = ["198.18.0.0/15", "192.88.99.0/24", "192.0.0.0/24", "2001::/23", "3fff::/20"].map((range) =>
  ipaddr.parseCIDR(range),
);

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Whether an address is one of the public internet: not private, loopback, link-local, multicast, of a carrier's NAT,
 * reserved, or an IPv6 form that carries an IPv4 address elsewhere (mapped ones are judged by what they carry).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast" || SPECIAL.some((range) => isWithin(parsed, range))) return false;
  return parsed.kind() === "ipv4" || isWithin(parsed, GLOBAL_UNICAST);
}

function isWithin(address: Address, [range, bits]: [Address, number]): boolean {
  return address.kind() === range.kind() && (address as ipaddr.IPv6).match(range as ipaddr.IPv6, bits);
}
