import Graph from "npm:graphology";
import Sigma from "npm:sigma";
import { element } from "../element.js";
import { colorTokens } from "../look/color-tokens.js";
import { type ChainScene, type Emphasis, SIGN_DASHES, signColor } from "./chain-scene.js";
import { CircleDrawnOnce } from "./circle-drawn-once.js";
import { labelsOnScreen, writeLabels } from "./label-layer.js";
import { mixedColor } from "./mixed-color.js";
import { type Disc, discAt, nearestSegment, type Segment } from "./screen-picking.js";
import { signedEdgeProgram } from "./signed-edge-program.js";

/** A node or an edge of the scene, by index. */
export type ScenePart = { readonly kind: "node" | "edge"; readonly index: number };

interface CanvasListeners {
  readonly onChoose: (part: ScenePart | undefined) => void;
  readonly onPoint: (part: ScenePart | undefined, x: number, y: number) => void;
}

/** Above this many edges names and edges are left out while the picture moves. */
const LARGE = 1_500;
const NODE_REACH = 2;
const EDGE_REACH = 6;
const STILL_AFTER_MS = 140;
/** How much of its colour is left to what does not stand out. */
const DIMMED = 0.16;

/** The scene on the graphics card, with names on a canvas above. To be made when its place is in the page. */
export class ChainCanvas {
  readonly #sigma: Sigma;
  readonly #names = element("canvas", { class: "chain-names", "aria-hidden": "true" });
  #scene: ChainScene | undefined;
  #emphasis: Emphasis | undefined;
  #pointed: ScenePart | undefined;
  #discs: readonly Disc[] | undefined;
  #segments: readonly Segment[] | undefined;
  #tokens = colorTokens();
  #isMoving = false;
  #stillTimer = 0;
  /** Frames drawn so far, and the script time they took; for benches. */
  readonly effort = { frames: 0, ms: 0 };
  #renderingSinceMs = 0;

  constructor(place: HTMLElement, { onChoose, onPoint }: CanvasListeners) {
    this.#sigma = new Sigma(new Graph({ type: "directed", multi: true }), place, {
      allowInvalidContainer: true,
      renderLabels: false,
      enableEdgeEvents: false,
      zIndex: true,
      stagePadding: 44,
      minCameraRatio: 0.05,
      maxCameraRatio: 3,
      minEdgeThickness: 0,
      defaultNodeType: "circle",
      defaultDrawNodeHover: () => {},
      nodeProgramClasses: { circle: CircleDrawnOnce },
      edgeProgramClasses: {
        "1": signedEdgeProgram(SIGN_DASHES[1]),
        "-1": signedEdgeProgram(SIGN_DASHES["-1"]),
        "0": signedEdgeProgram(SIGN_DASHES[0]),
      },
      nodeReducer: (node, data) => this.#nodeLook(Number(node), data),
      edgeReducer: (edge, data) => this.#edgeLook(Number(edge), data),
    });
    place.append(this.#names);
    // Layers without content still cost the browser time in each frame.
    const { edgeLabels, labels, hovers, hoverNodes } = this.#sigma.getCanvases();
    for (const layer of [edgeLabels, labels, hovers, hoverNodes]) if (layer) layer.hidden = true;
    // One finger scrolls the page.
    this.#sigma.getMouseCaptor().container.style.touchAction = "pan-y";
    this.#sigma.on("beforeRender", () => {
      this.#renderingSinceMs = performance.now();
    });
    this.#sigma.on("afterRender", () => {
      this.#writeNames();
      this.effort.frames++;
      this.effort.ms += performance.now() - this.#renderingSinceMs;
    });
    this.#sigma.getCamera().on("updated", () => this.#moved());
    this.#sigma.on("clickStage", ({ event }) => onChoose(this.#partAt(event.x, event.y)));
    this.#sigma.on("leaveStage", () => point(undefined, 0, 0));
    this.#sigma.on("moveBody", ({ event }) => {
      const part = this.#isMoving ? undefined : this.#partAt(event.x, event.y);
      point(part, event.x, event.y);
    });
    const point = (part: ScenePart | undefined, x: number, y: number) => {
      if (part?.kind === this.#pointed?.kind && part?.index === this.#pointed?.index) return;
      this.#pointed = part;
      this.#writeNames();
      onPoint(part, x, y);
    };
  }

  show(scene: ChainScene, emphasis: Emphasis | undefined): void {
    this.#scene = scene;
    this.#emphasis = emphasis;
    this.#pointed = undefined;
    this.#forgetPlaces();
    this.#tokens = colorTokens();
    const graph = new Graph({ type: "directed", multi: true });
    const { positions, appearance, chain, sources, targets } = scene;
    chain.nodes.forEach((_, node) => {
      graph.addNode(node, { x: positions.x[node], y: positions.y[node], size: appearance.radii[node] });
    });
    chain.edges.forEach(({ sign }, edge) => {
      graph.addDirectedEdgeWithKey(edge, sources[edge], targets[edge], { type: String(sign) });
    });
    this.#sigma.setSetting("hideEdgesOnMove", chain.edges.length > LARGE);
    this.#sigma.setGraph(graph);
  }

  emphasise(emphasis: Emphasis | undefined): void {
    this.#emphasis = emphasis;
    this.#sigma.refresh({ skipIndexation: true });
  }

  /** Redraws for a change of colours. */
  recolor(appearance: ChainScene["appearance"]): void {
    this.#tokens = colorTokens();
    if (this.#scene) this.#scene = { ...this.#scene, appearance };
    this.#sigma.refresh({ skipIndexation: true });
  }

  resize(): void {
    this.#forgetPlaces();
    this.#sigma.resize();
    this.#sigma.refresh({ skipIndexation: true });
  }

  /** Puts a ring around a node, as a pointer does. */
  point(part: ScenePart): void {
    this.#pointed = part;
    this.#writeNames();
  }

  /** Brings what is seen nearer (below 1) or further away (above 1). */
  zoom(factor: number): void {
    const camera = this.#sigma.getCamera();
    camera.setState({ ratio: camera.getBoundedRatio(camera.ratio * factor) });
  }

  resetView(): void {
    this.#sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
  }

  moveView(dx: number, dy: number): void {
    const { x, y } = this.#sigma.getCamera();
    this.#sigma.getCamera().setState({ x: x + dx, y: y + dy });
  }

  /** Where a node is in the place, in pixels. */
  pixelOf(node: number): { x: number; y: number; radius: number } {
    const data = this.#sigma.getNodeDisplayData(String(node));
    if (!data) return { x: 0, y: 0, radius: 0 };
    return { ...this.#sigma.framedGraphToViewport(data), radius: this.#sigma.scaleSize(data.size) };
  }

  kill(): void {
    clearTimeout(this.#stillTimer);
    this.#sigma.kill();
    this.#names.remove();
  }

  #nodeLook(node: number, data: object) {
    const color = this.#scene?.appearance.colors[node] ?? "#808080";
    const isDimmed = this.#emphasis !== undefined && !this.#emphasis.nodes.has(node);
    return {
      ...data,
      color: isDimmed ? mixedColor(color, this.#tokens.panel, DIMMED) : color,
      zIndex: isDimmed ? 0 : 1,
    };
  }

  #edgeLook(edge: number, data: object) {
    const sign = this.#scene?.chain.edges[edge]?.sign ?? 0;
    const isStanding = this.#emphasis?.edges.has(edge) ?? false;
    const share = this.#emphasis === undefined ? 0.62 : isStanding ? 1 : 0.1;
    return {
      ...data,
      color: mixedColor(signColor(sign, this.#tokens), this.#tokens.panel, share),
      size: isStanding ? 2 : 1.1,
      zIndex: isStanding ? 1 : 0,
    };
  }

  #partAt(x: number, y: number): ScenePart | undefined {
    if (!this.#scene) return undefined;
    const { sources, targets, chain } = this.#scene;
    this.#discs ??= chain.nodes.map((_, node) => this.pixelOf(node));
    const discs = this.#discs;
    const node = discAt(discs, x, y, NODE_REACH);
    if (node >= 0) return { kind: "node", index: node };
    this.#segments ??= Array.from(sources, (source, edge) => {
      const [from, to] = [discs[source], discs[targets[edge] ?? -1]];
      return { x1: from?.x ?? 0, y1: from?.y ?? 0, x2: to?.x ?? 0, y2: to?.y ?? 0 };
    });
    const edge = nearestSegment(this.#segments, x, y, EDGE_REACH);
    return edge < 0 ? undefined : { kind: "edge", index: edge };
  }

  #forgetPlaces(): void {
    this.#discs = undefined;
    this.#segments = undefined;
  }

  #moved(): void {
    this.#forgetPlaces();
    if (!this.#scene || this.#scene.chain.edges.length <= LARGE) return;
    this.#setMoving(true);
    clearTimeout(this.#stillTimer);
    this.#stillTimer = window.setTimeout(() => {
      this.#setMoving(false);
      this.#sigma.scheduleRender();
    }, STILL_AFTER_MS);
  }

  /** Layers that are not drawn while the picture moves are not put on the screen either. */
  #setMoving(isMoving: boolean): void {
    this.#isMoving = isMoving;
    const { edges } = this.#sigma.getCanvases();
    for (const layer of [edges, this.#names]) if (layer) layer.hidden = isMoving;
  }

  #writeNames(): void {
    const { width, height } = this.#sigma.getDimensions();
    const context = this.#names.getContext("2d");
    if (!context || !this.#scene || width === 0) return;
    fitCanvas(this.#names, width, height);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!this.#isMoving) {
      const nodes = this.#namedNodes();
      writeLabels(context, labelsOnScreen(context, nodes, { width, height }));
    }
    this.#drawRings(context);
  }

  #namedNodes() {
    const { byImportance = [], labels = [] } = this.#scene ?? {};
    const pointed = this.#pointed?.kind === "node" ? this.#pointed.index : -1;
    return byImportance
      .filter((node) => this.#emphasis === undefined || this.#emphasis.nodes.has(node) || node === pointed)
      .map((node) => ({
        ...this.pixelOf(node),
        label: labels[node] ?? "",
        stands: node === pointed || node === this.#emphasis?.center,
      }));
  }

  #drawRings(context: CanvasRenderingContext2D): void {
    const pointed = this.#pointed?.kind === "node" ? this.#pointed.index : -1;
    for (const node of new Set([pointed, this.#emphasis?.center ?? -1])) {
      if (node < 0) continue;
      const { x, y, radius } = this.pixelOf(node);
      context.beginPath();
      context.arc(x, y, radius + 3, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = this.#tokens.text;
      context.stroke();
    }
  }
}

function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [wide, high] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  if (canvas.width === wide && canvas.height === high) return;
  Object.assign(canvas, { width: wide, height: high });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
}
