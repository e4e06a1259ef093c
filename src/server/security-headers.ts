import type { IncomingHttpHeaders } from "node:http";
import type { RequestHandler } from "express";
import helmet from "helmet";
import { WorkbenchError } from "../engine/errors.js";

/**
 * Headers for every answer. The policy lets pages do what Framework needs: inline module scripts, WebAssembly
 * compiled from a worker made of a blob, inline styles; and nothing from another origin.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'unsafe-inline'", "'unsafe-eval'", "blob:"],
        workerSrc: ["'self'", "blob:"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
      },
    },
    // The workbench speaks HTTP on loopback; a browser told otherwise could not reach it.
    strictTransportSecurity: false,
  });
}

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

function isLoopbackHost(host = ""): boolean {
  return LOOPBACK_HOST.test(host);
}

/** Whether a WebSocket is asked for by a page of this server, or by no page: browsers let every page open one. */
export function isOwnWebSocket({ host, origin }: IncomingHttpHeaders): boolean {
  return isLoopbackHost(host) && (origin === undefined || origin === `http://${host}`);
}

/** Refuses requests that name another host: a page elsewhere could otherwise reach this server by rebinding its name. */
export const loopbackHostOnly: RequestHandler = (request, _response, next) => {
  const host = request.headers.host ?? "";
  if (!isLoopbackHost(host)) {
    throw new WorkbenchError("REQUEST_FORBIDDEN", `invalid Host: ${host} (accepted: localhost, 127.0.0.1 or [::1])`);
  }
  next();
};
