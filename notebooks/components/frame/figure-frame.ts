import { element } from "../element.js";
import { downloadFile, type ExportColumns, toCsv } from "./csv-export.js";
import { drawingPicture, pictureOf, standaloneDrawing } from "./picture-export.js";
import { type Provenance, provenanceLine, shortSource } from "./provenance.js";
import { stateBadge } from "./state-badge.js";

interface FigureOptions {
  /** The finding or the question. */
  readonly title: string;
  /** Unit and period. */
  readonly subtitle: string;
  readonly body: Node;
  readonly provenance: Provenance;
  /** Name of the downloaded files, without their ending. */
  readonly fileName: string;
  /** The figure's numbers, for the CSV download; computed when it is asked for. */
  readonly data?: () => ExportColumns;
  /** `false` for bodies that are not drawings, such as tables. */
  readonly hasPicture?: boolean;
  /** A drawing to download in place of what is on the screen, such as WebGL, which cannot be copied; as SVG too. */
  readonly picture?: () => SVGSVGElement | undefined;
}

/** The frame of every figure: title, subtitle, body, and a footer with as-of, source, rows and downloads. */
export function figureFrame({
  title,
  subtitle,
  body,
  provenance,
  fileName,
  data,
  hasPicture = true,
  picture,
}: FigureOptions): HTMLElement {
  const bodyFrame = element("div", { class: "figure-body" }, body);
  const line = provenanceLine({ ...provenance, source: shortSource(provenance.source) });
  const saveData = () => downloadFile(`${fileName}.csv`, new Blob([toCsv(data?.() ?? {})], { type: "text/csv" }));
  const caption = { title, subtitle, footer: pictureFooter(provenance) };
  const savePicture = async () => {
    const drawing = picture?.();
    const png = drawing ? drawingPicture(drawing, bodyFrame, caption) : pictureOf(bodyFrame, caption);
    downloadFile(`${fileName}.png`, await png);
  };
  const saveDrawing = () => {
    const drawing = picture?.();
    if (drawing) downloadFile(`${fileName}.svg`, standaloneDrawing(drawing, bodyFrame, caption));
  };
  const downloads = element(
    "span",
    { class: "figure-downloads" },
    data && element("button", { type: "button", onclick: saveData, "aria-label": `${title}: data as CSV` }, "CSV"),
    hasPicture &&
      element(
        "button",
        { type: "button", onclick: () => void savePicture(), "aria-label": `${title}: picture as PNG` },
        "PNG",
      ),
    picture &&
      element("button", { type: "button", onclick: saveDrawing, "aria-label": `${title}: drawing as SVG` }, "SVG"),
  );
  return element(
    "figure",
    { class: "figure", "aria-label": title },
    element("h2", { class: "figure-title" }, title),
    element("p", { class: "figure-subtitle" }, subtitle),
    bodyFrame,
    element(
      "div",
      { class: "figure-footer" },
      provenance.dataset === "simulated" && stateBadge("simulated"),
      element("span", { class: "figure-source", title: provenanceLine(provenance) }, line),
      downloads,
    ),
  );
}

function pictureFooter(provenance: Provenance): string {
  const mark = provenance.dataset === "simulated" ? "Simulated data · " : "";
  return `${mark}${provenanceLine(provenance)} · QuantFlow Workbench`;
}
