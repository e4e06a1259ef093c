import { element } from "../element.js";
import { ChainCanvas, type ScenePart } from "./chain-canvas.js";
import { chainPicture } from "./chain-picture.js";
import { type ChainScene, type Emphasis, neighboursOf } from "./chain-scene.js";
import { type Direction, neighbourTowards } from "./neighbour-navigation.js";
import { hasWebGl } from "./web-gl.js";

interface PlateOptions {
  /** Told of the id of a node or an edge, or "" for none. */
  readonly onChoose: (id: string) => void;
  readonly describe: (part: ScenePart, scene: ChainScene) => string;
  /** Told when the drawing should have another shape. */
  readonly onAspect: () => void;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
/** Room around the drawing for names, in pixels. */
const ROOM = 44;
const HELP =
  "Arrow keys move between neighbours, Enter opens one, Escape lets go, plus and minus zoom. The same edges stand in the table below.";

/** The place of the drawing: by WebGL where there is any, else as a still picture; with keys, tooltip and zoom. */
export class ChainPlate {
  readonly element: HTMLElement;
  readonly #stage = element("div", { class: "chain-stage" });
  readonly #tooltip = element("div", { class: "chain-tooltip", hidden: true });
  readonly #announcement = element("div", { class: "visually-hidden", role: "status" });
  readonly #print = element("div", { class: "chain-print", "aria-hidden": "true" });
  readonly #options: PlateOptions;
  #canvas: ChainCanvas | undefined;
  #isDrawnByWebGl = hasWebGl();
  #aspect = 1.4;
  #scene: ChainScene | undefined;
  #emphasis: Emphasis | undefined;
  /** Where the arrow keys have gone; the chosen node unless they went on. */
  #cursor = -1;

  constructor(options: PlateOptions) {
    this.#options = options;
    this.element = element(
      "div",
      {
        class: "chain-plate",
        tabindex: "0",
        role: "application",
        "aria-roledescription": "graph",
        onkeydown: (event: KeyboardEvent) => this.#onKey(event),
      },
      this.#stage,
      this.#zoomButtons(),
      this.#tooltip,
      this.#print,
      this.#announcement,
    );
    new ResizeObserver(() => this.#resized()).observe(this.#stage);
    this.#stage.addEventListener("wheel", (event) => this.#leaveScrolling(event), { capture: true });
    this.#stage.addEventListener("touchmove", (event) => this.#leaveScrolling(event), { capture: true });
    addEventListener("beforeprint", () => this.#print.replaceChildren(...this.#picture(680, 480)));
  }

  /** Width of the place for its height, within what a layout can be stretched to. */
  get aspect(): number {
    return this.#aspect;
  }

  show(scene: ChainScene, emphasis: Emphasis | undefined): void {
    const isSame = this.#scene?.chain === scene.chain && this.#scene.positions === scene.positions;
    this.#scene = scene;
    this.#emphasis = emphasis;
    this.#cursor = emphasis?.center ?? -1;
    this.#tooltip.hidden = true;
    const { nodes, edges } = scene.chain;
    this.element.setAttribute("aria-label", `${nodes.length} nodes and ${edges.length} edges. ${HELP}`);
    if (this.#canvas && isSame) {
      this.#canvas.emphasise(emphasis);
      this.#canvas.recolor(scene.appearance);
    } else if (this.#canvas) {
      this.#canvas.show(scene, emphasis);
      this.#canvas.resetView();
    } else this.#draw();
  }

  /** The scene as a drawing of this size, for downloads. */
  picture(width: number, height: number): SVGSVGElement | undefined {
    return this.#picture(width, height)[0];
  }

  #picture(width: number, height: number): SVGSVGElement[] {
    return this.#scene ? [chainPicture(this.#scene, { width, height, emphasis: this.#emphasis })] : [];
  }

  #resized(): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (width === 0) return;
    const aspect = Math.min(Math.max((width - 2 * ROOM) / (height - 2 * ROOM), 0.7), 1.9);
    this.#draw();
    if (Math.abs(aspect - this.#aspect) < 0.02) return;
    this.#aspect = aspect;
    this.#options.onAspect();
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (!this.#scene || width === 0) return;
    if (this.#canvas) this.#canvas.resize();
    else if (this.#isDrawnByWebGl) this.#start(this.#scene);
    else {
      const onChoose = (part: ScenePart) => this.#choose(part);
      this.#stage.replaceChildren(chainPicture(this.#scene, { width, height, emphasis: this.#emphasis, onChoose }));
    }
  }

  #start(scene: ChainScene): void {
    try {
      this.#canvas = new ChainCanvas(this.#stage, {
        onChoose: (part) => this.#choose(part),
        onPoint: (part, x, y) => this.#point(part, x, y),
      });
      this.#canvas.show(scene, this.#emphasis);
      // Where tests and benches find out what stands where.
      Object.assign(this.element, { chainCanvas: this.#canvas });
      this.#stage.addEventListener("webglcontextlost", () => this.#withoutWebGl(), { capture: true, once: true });
    } catch {
      this.#withoutWebGl();
    }
  }

  #withoutWebGl(): void {
    this.#canvas?.kill();
    this.#canvas = undefined;
    this.#isDrawnByWebGl = false;
    this.element.classList.add("chain-plate-still");
    this.#draw();
  }

  #choose(part: ScenePart | undefined): void {
    const { nodes = [], edges = [] } = this.#scene?.chain ?? {};
    const chosen = part?.kind === "node" ? nodes[part.index]?.id : part && edges[part.index]?.id;
    this.#options.onChoose(chosen ?? "");
  }

  #point(part: ScenePart | undefined, x: number, y: number): void {
    this.#stage.classList.toggle("chain-pointed", part !== undefined);
    this.#tooltip.hidden = !part || !this.#scene;
    if (!part || !this.#scene) return;
    this.#tooltip.textContent = this.#options.describe(part, this.#scene);
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const left = Math.min(x + 14, width - this.#tooltip.offsetWidth - 4);
    const top = y + 18 + this.#tooltip.offsetHeight > height ? y - this.#tooltip.offsetHeight - 8 : y + 18;
    this.#tooltip.style.transform = `translate(${Math.max(left, 4)}px, ${Math.max(top, 4)}px)`;
  }

  /** One finger or a plain wheel scrolls the page, unless the reader works in the graph. */
  #leaveScrolling(event: WheelEvent | TouchEvent): void {
    const isMeant = "touches" in event ? event.touches.length > 1 : event.ctrlKey || event.metaKey || this.#hasFocus();
    if (!isMeant) event.stopImmediatePropagation();
  }

  #hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.element || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS[event.key];
    if (direction) this.#move(direction);
    else if (event.key === "Enter") this.#choose(this.#cursor < 0 ? undefined : { kind: "node", index: this.#cursor });
    else if (event.key === "Escape") this.#choose(undefined);
    else if (event.key === "+" || event.key === "=") this.#canvas?.zoom(1 / 1.3);
    else if (event.key === "-") this.#canvas?.zoom(1.3);
    else if (event.key === "0") this.#canvas?.resetView();
    else return;
    event.preventDefault();
  }

  #move(direction: Direction): void {
    if (!this.#scene) return;
    const start = this.#scene.byImportance[0] ?? -1;
    const next =
      this.#cursor < 0
        ? start
        : neighbourTowards(this.#cursor, direction, neighboursOf(this.#scene, this.#cursor), this.#scene.positions);
    if (next === undefined || next < 0) {
      this.#announcement.textContent = `no neighbour ${direction}`;
      return;
    }
    this.#cursor = next;
    const part = { kind: "node", index: next } as const;
    this.#announcement.textContent = this.#options.describe(part, this.#scene);
    this.#canvas?.point(part);
    const { x, y } = this.#canvas?.pixelOf(next) ?? { x: 0, y: 0 };
    this.#point(part, x, y);
  }

  #zoomButtons(): HTMLElement {
    const button = (text: string, label: string, act: () => void) =>
      element("button", { type: "button", class: "button", "aria-label": label, title: label, onclick: act }, text);
    return element(
      "div",
      { class: "chain-zoom" },
      button("+", "Zoom in", () => this.#canvas?.zoom(1 / 1.3)),
      button("−", "Zoom out", () => this.#canvas?.zoom(1.3)),
      button("⤢", "Show all", () => this.#canvas?.resetView()),
    );
  }
}
