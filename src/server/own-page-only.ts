import type { RequestHandler } from "express";
import { WorkbenchError } from "../engine/errors.js";

/**
 * Refuses changes that another site's page asks for. A browser says where a request comes from in `Origin` and
 * `Sec-Fetch-Site`; programs send neither. Forms cannot send JSON, and a script elsewhere that tries has to ask first
 * (CORS), which nothing here allows; so has one that deletes, which needs no body.
 */
export const ownPageOnly: RequestHandler = (request, _response, next) => {
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if ((origin !== undefined && origin !== `http://${host}`) || (site !== undefined && site !== "same-origin")) {
    throw new WorkbenchError(
      "REQUEST_FORBIDDEN",
      `invalid Origin: ${origin ?? site} (accepted: a page of this workbench, or a program)`,
    );
  }
  if (request.method !== "DELETE" && !request.is("application/json")) {
    throw new WorkbenchError(
      "REQUEST_INVALID",
      `invalid Content-Type: ${request.headers["content-type"] ?? "none"} (accepted: application/json)`,
    );
  }
  next();
};
