import { forceLayout } from "./force-layout.js";
import { layeredLayout } from "./layered-layout.js";
import type { LayoutGraph } from "./positions.js";

/** What the page asks for; the answer carries the same number. */
export interface LayoutRequest {
  readonly number: number;
  readonly layout: "force" | "layers";
  readonly graph: LayoutGraph;
}

addEventListener("message", ({ data }: MessageEvent<LayoutRequest>) => {
  const positions = data.layout === "layers" ? layeredLayout(data.graph) : forceLayout(data.graph);
  postMessage({ number: data.number, positions });
});
