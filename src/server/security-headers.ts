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

/** Refuses requests that name another host: a page elsewhere could otherwise reach this server by rebinding its name. */
export const loopbackHostOnly: RequestHandler = (request, _response, next) => {
  const host = request.headers.host ?? "";
  if (!LOOPBACK_HOST.test(host)) {
    throw new WorkbenchError("REQUEST_FORBIDDEN", `invalid Host: ${host} (accepted: localhost, 127.0.0.1 or [::1])`);
  }
  next();
};
