import type { NodeServices } from "../../src/engine/workflow/node-services.js";

/** For graphs that reach nothing outside. */
export const EMPTY_NODE_SERVICES: NodeServices = new Proxy({} as NodeServices, {
  get: (_services, name) => {
    throw new Error(`a node of this bench asks for ${String(name)}`);
  },
});
