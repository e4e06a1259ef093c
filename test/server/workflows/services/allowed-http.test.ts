import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpCall } from "../../../../src/engine/workflow/node-services.js";
import { AllowedHttp, type AllowedHttpOptions } from "../../../../src/server/workflows/services/http/allowed-http.js";
import { readHttpSettings } from "../../../../src/server/workflows/services/http/http-settings.js";
import { isPublicAddress } from "../../../../src/server/workflows/services/http/public-address.js";

const never = new AbortController().signal;
const LOOPBACK = { address: "127.0.0.1", family: 4 };

const get = (url: string, headers: HttpCall["headers"] = {}): HttpCall => ({ method: "GET", url, headers });

function source(hosts: string, privateHosts = "", options: Partial<AllowedHttpOptions> = {}): AllowedHttp {
  return new AllowedHttp({
    ...readHttpSettings({ WORKFLOW_HTTP_HOSTS: hosts, WORKFLOW_HTTP_PRIVATE_HOSTS: privateHosts }),
    resolve: async () => [LOOPBACK],
    ...options,
  });
}

describe("readHttpSettings(environment)", () => {
  it("allows no host unless told", () => {
    expect(readHttpSettings({})).toEqual({ hosts: [], privateHosts: [] });
  });

  it("reads names and ports, in the spelling of URLs", () => {
    expect(readHttpSettings({ WORKFLOW_HTTP_HOSTS: "API.example.org, b.example.org:8443 [::1]:80" }).hosts).toEqual([
      { hostname: "api.example.org" },
      { hostname: "b.example.org", port: "8443" },
      { hostname: "[::1]", port: "80" },
    ]);
  });

  it.each(["https://a.example.org", "*.example.org", "a.example.org/path", "user@a.example.org", "a:b"])(
    "refuses %s, naming the variable",
    (entry) => {
      expect(() => readHttpSettings({ WORKFLOW_HTTP_PRIVATE_HOSTS: entry })).toThrow(
        /^invalid WORKFLOW_HTTP_PRIVATE_HOSTS: .* \(accepted: host names or host:port/,
      );
    },
  );
});

/** Ranges of the registries of special-purpose addresses, RFC 6890 and its updates. */
describe("isPublicAddress(address)", () => {
  it.each(["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:93.184.216.34"])("is true of %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
    "2001:db8::1",
    "3fff::1",
    "fec0::1",
    "::127.0.0.1",
    "4000::1",
    "no address",
  ])("is false of %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("AllowedHttp.request(call, signal): where it may go", () => {
  it.each([
    ["http://other.example.org/", "REQUEST_FORBIDDEN", /^forbidden host: other\.example\.org .*WORKFLOW_HTTP_HOSTS/],
    ["http://api.example.org:8080/", "REQUEST_FORBIDDEN", /api\.example\.org:8080/],
    ["http://api.example.org.evil.test/", "REQUEST_FORBIDDEN", /evil\.test/],
    ["http://user:secret@api.example.org/", "REQUEST_INVALID", /user name or password/],
    ["ftp://api.example.org/", "REQUEST_INVALID", /http or https/],
    ["file:///etc/passwd", "REQUEST_INVALID", /http or https/],
    ["not an address", "REQUEST_INVALID", /invalid url/],
  ])("refuses %s with %s", async (url, code, message) => {
    await expect(source("api.example.org").request(get(url), never)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("allows nothing with an empty list, and says so", async () => {
    await expect(source("").request(get("http://api.example.org/"), never)).rejects.toMatchObject({
      code: "REQUEST_FORBIDDEN",
      message: expect.stringContaining("WORKFLOW_HTTP_HOSTS, which is empty"),
    });
  });

  it.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
  ])("takes %s for the loopback address it is: refused though the address is listed", async (url) => {
    await expect(source("127.0.0.1").request(get(url), never)).rejects.toMatchObject({
      code: "REQUEST_FORBIDDEN",
      message: expect.stringMatching(/is 127\.0\.0\.1, .*WORKFLOW_HTTP_PRIVATE_HOSTS/),
    });
  });

  it.each(["[::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "10.0.0.8", "169.254.169.254"])(
    "refuses the listed private address %s",
    async (host) => {
      await expect(source(host).request(get(`http://${host}/`), never)).rejects.toMatchObject({
        code: "REQUEST_FORBIDDEN",
        message: expect.stringMatching(/^forbidden address/),
      });
    },
  );

  it("refuses a name of which one address is private", async () => {
    const resolve = async () => [{ address: "93.184.216.34", family: 4 }, LOOPBACK];
    await expect(
      source("api.example.org", "", { resolve }).request(get("http://api.example.org/"), never),
    ).rejects.toMatchObject({ code: "REQUEST_FORBIDDEN", message: expect.stringContaining("is 127.0.0.1") });
  });

  it("fails for a name without an address", async () => {
    const resolve = async () => Promise.reject(new Error("ENOTFOUND"));
    await expect(
      source("api.example.org", "", { resolve }).request(get("http://api.example.org/"), never),
    ).rejects.toMatchObject({ code: "HTTP_REQUEST_FAILED", message: expect.stringContaining("api.example.org") });
  });

  it.each(["Host", "content-length", "Transfer-Encoding", "Proxy-Authorization"])(
    "refuses the header %s",
    async (name) => {
      await expect(
        source("api.example.org").request(get("http://api.example.org/", { [name]: "1" }), never),
      ).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    },
  );
});

describe("AllowedHttp.request(call, signal): what comes back", () => {
  let server: Server;
  let host: string;
  let answer: RequestListener = () => undefined;
  let seen: IncomingMessage[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request);
      answer(request, response);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    host = `api.example.org:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const open = (options: Partial<AllowedHttpOptions> = {}, others = "") => {
    seen = [];
    return source(`${host},${others}`, host, options);
  };

  it("is status, content type and text, from the host by its name", async () => {
    answer = (_request, response) => response.writeHead(201, { "content-type": "text/plain" }).end("chào");
    expect(await open().request(get(`http://${host}/a?b=1`, { "X-Key": "k" }), never)).toEqual({
      status: 201,
      contentType: "text/plain",
      text: "chào",
    });
    expect(seen[0]).toMatchObject({ url: "/a?b=1", headers: { host, "x-key": "k", "accept-encoding": "identity" } });
  });

  it("asks for the addresses of a name once and connects to what was checked", async () => {
    let asked = 0;
    const resolve = async () => {
      asked++;
      return asked === 1 ? [LOOPBACK] : [{ address: "192.0.2.1", family: 4 }];
    };
    answer = (_request, response) => response.end("ok");
    expect((await open({ resolve }).request(get(`http://${host}/`), never)).text).toBe("ok");
    expect(asked).toBe(1);
  });

  it("follows three redirects, and no fourth", async () => {
    answer = ({ url }, response) => {
      const left = Number(url!.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    expect((await open().request(get(`http://${host}/3`), never)).text).toBe("there");
    await expect(open().request(get(`http://${host}/4`), never)).rejects.toMatchObject({
      code: "HTTP_REQUEST_FAILED",
      message: expect.stringContaining("redirects more than 3 times"),
    });
  });

  it.each([
    ["http://169.254.169.254/latest/meta-data", "forbidden host"],
    ["http://other.example.org/", "forbidden host"],
    ["http://internal.example.org/", "forbidden address"],
    ["http://2130706433/", "forbidden address"],
  ])("refuses a redirect to %s", async (location, message) => {
    answer = (_request, response) => response.writeHead(302, { location }).end();
    await expect(
      open({}, "internal.example.org,127.0.0.1").request(get(`http://${host}/`), never),
    ).rejects.toMatchObject({ code: "REQUEST_FORBIDDEN", message: expect.stringContaining(message) });
    expect(seen).toHaveLength(1);
  });

  it("refuses a redirect to a file", async () => {
    answer = (_request, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end();
    await expect(open().request(get(`http://${host}/`), never)).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });

  it("takes no secret along to another host", async () => {
    const other = `other.example.org:${host.split(":")[1]}`;
    answer = ({ headers }, response) => {
      if (headers.host === host) response.writeHead(307, { location: `http://${other}/` }).end();
      else response.end(JSON.stringify(headers));
    };
    const http = source(`${host},${other}`, `${host},${other}`);
    const { text } = await http.request(get(`http://${host}/`, { Authorization: "s", Accept: "text/csv" }), never);
    expect(JSON.parse(text)).toMatchObject({ accept: "text/csv", host: other });
    expect(JSON.parse(text)).not.toHaveProperty("authorization");
  });

  it.each([
    ["a length that is announced", { "content-length": String(100 * 1024 * 1024) }],
    ["no length", {}],
  ])("ends at 8 MB of a 100 MB answer with %s", async (_case, headers) => {
    const chunk = Buffer.alloc(1024 * 1024);
    let sent = 0;
    answer = (_request, response) => {
      response.writeHead(200, headers);
      const send = () => {
        while (sent < 100 && !response.destroyed) {
          sent++;
          if (!response.write(chunk)) return void response.once("drain", send);
        }
        response.end();
      };
      send();
    };
    await expect(open().request(get(`http://${host}/`), never)).rejects.toMatchObject({
      code: "REQUEST_TOO_LARGE",
      message: expect.stringContaining(host),
    });
    expect(sent).toBeLessThan(100);
  });

  it("gives up a host that never answers", async () => {
    answer = () => undefined;
    const limits = { mostBytes: 1_000, timeoutMs: 50 };
    await expect(open({ limits }).request(get(`http://${host}/`), never)).rejects.toMatchObject({
      code: "HTTP_REQUEST_FAILED",
      message: expect.stringMatching(/took longer than 50 ms/),
    });
  });

  it("ends when it is told to", async () => {
    const abort = new AbortController();
    answer = () => abort.abort(new Error("the run was cancelled"));
    await expect(open().request(get(`http://${host}/`), abort.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("refuses a compressed answer, of which the size is not known", async () => {
    answer = (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    await expect(open().request(get(`http://${host}/`), never)).rejects.toMatchObject({ code: "HTTP_REQUEST_FAILED" });
  });
});
