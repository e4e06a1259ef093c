import { element } from "../element.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { onAppearanceChange } from "../look/appearance.js";
import type { ScenePart } from "./chain-canvas.js";
import { chainLegend } from "./chain-legend.js";
import { ChainPlate } from "./chain-plate.js";
import { type ChainScene, emphasisOf, emphasisOfAll } from "./chain-scene.js";
import { chainScene, type SceneOptions } from "./chain-scene-of.js";
import { chainTitle } from "./chain-title.js";
import { edgeSentence, nodesById, signInWords } from "./chain-words.js";

export interface ViewState extends Omit<SceneOptions, "colors" | "aspect"> {
  /** Makes the colours that stand in for kind or sector; called again when the theme changes. */
  readonly recolor: (() => SceneOptions["colors"]) | undefined;
  /** Id of the chosen node or edge, or "". */
  readonly chosen: string;
  /** Ids of what stands out while nothing is chosen; `undefined` for everything alike. */
  readonly reached: ReadonlySet<string> | undefined;
  readonly subtitle: string;
  readonly sizeInWords: string;
  readonly provenance: Provenance;
}

/** The drawing in its frame. It lives as long as the page: another choice or filter changes what it shows. */
export class ValueChainView {
  readonly element = element("div", { class: "chain-figure" });
  readonly #plate: ChainPlate;
  #legend: HTMLElement = element("div");
  #state: ViewState | undefined;
  #scene: ChainScene | undefined;

  constructor(onChoose: (id: string) => void) {
    this.#plate = new ChainPlate({ onChoose, describe, onAspect: () => this.#state && this.#draw(this.#state) });
    onAppearanceChange(() => this.#state && this.#draw(this.#state));
  }

  show(state: ViewState): void {
    const isFramed = this.#state?.shown === state.shown && this.#state.subtitle === state.subtitle;
    this.#state = state;
    this.#draw(state);
    if (isFramed) return;
    this.element.replaceChildren(this.#frame(state));
  }

  #draw(state: ViewState): void {
    const scene = chainScene({ ...state, colors: state.recolor?.(), aspect: this.#plate.aspect });
    // The same places as before, so that the view is not laid out anew for another colour or choice.
    const before = this.#scene;
    const isSame =
      before?.chain === scene.chain &&
      before.positions.x.every((x, node) => x === scene.positions.x[node]) &&
      before.appearance.radii.every((radius, node) => radius === scene.appearance.radii[node]);
    this.#scene = isSame ? { ...scene, positions: before.positions } : scene;
    const reached = state.reached && emphasisOfAll(this.#scene, state.reached);
    this.#plate.show(this.#scene, emphasisOf(this.#scene, state.chosen) ?? reached);
    const legend = chainLegend(scene.appearance.keys, state.sizeInWords);
    this.#legend.replaceWith(legend);
    this.#legend = legend;
  }

  #frame({ shown, subtitle, provenance }: ViewState): HTMLElement {
    const { nodes, edges } = shown;
    return figureFrame({
      title: chainTitle(shown),
      subtitle,
      body: element("div", {}, this.#legend, this.#plate.element),
      provenance: { ...provenance, rows: edges.length },
      fileName: "value-chain",
      picture: () => this.#plate.picture(1_120, 720),
      data: () => ({
        node: nodes.map(({ id }) => id),
        name: nodes.map(({ name }) => name),
        kind: nodes.map(({ kind }) => kind),
        sector: nodes.map(({ sector }) => sector),
        symbol: nodes.map(({ symbol }) => symbol),
      }),
    });
  }
}

function describe(part: ScenePart, { chain, sources, targets }: ChainScene): string {
  const node = chain.nodes[part.index];
  if (part.kind === "node") {
    if (!node) return "";
    const degree = countOf(sources, part.index) + countOf(targets, part.index);
    return `${[node.name, node.symbol].filter(Boolean).join(" · ")} · ${degree} ${degree === 1 ? "edge" : "edges"}`;
  }
  const edge = chain.edges[part.index];
  const nodes = nodesById(chain);
  if (!edge) return "";
  return `${edgeSentence(edge, nodes.get(edge.sourceId), nodes.get(edge.targetId))} · ${signInWords(edge.sign)}`;
}

function countOf(ends: Int32Array, node: number): number {
  return ends.reduce((count, end) => count + Number(end === node), 0);
}
