import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WorkbenchError } from "../engine/errors.js";

const PROBLEM = {
  EADDRINUSE: "is taken: stop what uses it, or",
  EACCES: "may not be used by this user:",
} as const;

/** Binds to loopback only: there is no login yet. Resolves to the address to open. @throws PORT_IN_USE */
export async function listenOnLoopback(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE" || cause.code === "EACCES"
          ? new WorkbenchError("PORT_IN_USE", `port ${port} ${PROBLEM[cause.code]} choose another with --port`, {
              cause,
              details: { port },
            })
          : cause,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Stops accepting, lets running requests finish, and closes idle connections. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), 3_000);
  await closed;
  clearTimeout(impatient);
}
