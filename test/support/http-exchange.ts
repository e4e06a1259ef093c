import { type IncomingHttpHeaders, request } from "node:http";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request with exactly these headers, `Host` included, and nothing decoded: what `fetch` does not allow. */
export function httpGet(url: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
  return new Promise((done, fail) => {
    const asking = request(url, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        done({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asking.on("error", fail);
    asking.end();
  });
}

export async function httpJson(url: string, headers?: Readonly<Record<string, string>>): Promise<unknown> {
  return JSON.parse((await httpGet(url, headers)).body.toString());
}
