const MARGIN = 16;
const CAPTION_GAP = 10;
const MIN_WIDTH = 480;
const PIXEL_RATIO = 2;
const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const STYLE_PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-variant-numeric",
  "text-anchor",
  "dominant-baseline",
  "color",
] as const;

/** What is written above and below the picture, so that it can stand alone in a message or a report. */
export interface PictureCaption {
  readonly title: string;
  readonly subtitle: string;
  readonly footer: string;
}

/** A PNG of the drawings (`svg` and `canvas`) in `body` with its caption, at twice the screen's resolution. */
export async function pictureOf(body: HTMLElement, caption: PictureCaption): Promise<Blob> {
  const drawings = drawingsIn(body);
  const frame = frameAround(drawings);
  const width = Math.max(frame.width, MIN_WIDTH);
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("this browser gives no canvas to draw on");
  const lines = captionLines(context, caption, width);
  const height = lines.above.height + frame.height + lines.below.height + 2 * MARGIN;
  context.canvas.width = (width + 2 * MARGIN) * PIXEL_RATIO;
  context.canvas.height = height * PIXEL_RATIO;
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  context.fillStyle = token("--panel");
  context.fillRect(0, 0, width + 2 * MARGIN, height);
  writeLines(context, lines.above.lines, MARGIN);
  for (const drawing of drawings) {
    const place = drawing.getBoundingClientRect();
    const image = drawing instanceof SVGSVGElement ? await imageOf(drawing) : drawing;
    const y = MARGIN + lines.above.height + place.top - frame.top;
    context.drawImage(image, MARGIN + place.left - frame.left, y, place.width, place.height);
  }
  writeLines(context, lines.below.lines, height - MARGIN - lines.below.height);
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("the picture is too large")));
    context.canvas.toBlob(done, "image/png");
  });
}

/** The same of a drawing that is not on the page: it stands in `host`, unseen, while its styles are read. */
export async function drawingPicture(
  drawing: SVGSVGElement,
  host: HTMLElement,
  caption: PictureCaption,
): Promise<Blob> {
  const place = unseenIn(host, drawing);
  try {
    return await pictureOf(place, caption);
  } finally {
    place.remove();
  }
}

/** The drawing as an SVG file with the caption's title and source, to be looked at without the page's style sheet. */
export function standaloneDrawing(drawing: SVGSVGElement, host: HTMLElement, caption: PictureCaption): Blob {
  const place = unseenIn(host, drawing);
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", SVG_NAMESPACE);
  copyStyles(drawing, copy);
  copy.style.background = token("--panel");
  place.remove();
  const said = { title: caption.title, desc: `${caption.subtitle}. ${caption.footer}` };
  for (const [name, text] of Object.entries(said).reverse()) {
    const child = document.createElementNS(SVG_NAMESPACE, name);
    child.textContent = text;
    copy.prepend(child);
  }
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}

function unseenIn(host: HTMLElement, drawing: SVGSVGElement): HTMLElement {
  const place = document.createElement("div");
  place.style.cssText = "position:fixed;left:-10000px;top:0;width:max-content";
  drawing.style.maxWidth = "none";
  place.append(drawing);
  host.append(place);
  return place;
}

function drawingsIn(body: HTMLElement): (SVGSVGElement | HTMLCanvasElement)[] {
  const all = [...body.querySelectorAll<SVGSVGElement | HTMLCanvasElement>("svg, canvas")];
  return all.filter((drawing) => !drawing.parentElement?.closest("svg") && drawing.getBoundingClientRect().width > 0);
}

function frameAround(drawings: readonly Element[]): { left: number; top: number; width: number; height: number } {
  const places = drawings.map((drawing) => drawing.getBoundingClientRect());
  const left = Math.min(...places.map((place) => place.left));
  const top = Math.min(...places.map((place) => place.top));
  const right = Math.max(...places.map((place) => place.right));
  const bottom = Math.max(...places.map((place) => place.bottom));
  return { left, top, width: right - left, height: bottom - top };
}

interface CaptionLine {
  readonly text: string;
  readonly font: string;
  readonly color: string;
  readonly height: number;
}

function captionLines(context: CanvasRenderingContext2D, { title, subtitle, footer }: PictureCaption, width: number) {
  const family = token("--sans-serif");
  const block = (text: string, size: number, weight: number, color: string): CaptionLine[] => {
    const font = `${weight} ${size}px ${family}`;
    context.font = font;
    return wrapped(context, text, width).map((line) => ({ text: line, font, color, height: Math.round(size * 1.4) }));
  };
  const above = [...block(title, 16, 600, token("--text")), ...block(subtitle, 12, 400, token("--muted"))];
  const below = block(footer, 11, 400, token("--muted"));
  const heightOf = (lines: readonly CaptionLine[]) => lines.reduce((sum, line) => sum + line.height, CAPTION_GAP);
  return { above: { lines: above, height: heightOf(above) }, below: { lines: below, height: heightOf(below) } };
}

function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function writeLines(context: CanvasRenderingContext2D, lines: readonly CaptionLine[], top: number): void {
  let bottom = top;
  for (const { text, font, color, height } of lines) {
    bottom += height;
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, MARGIN, bottom);
  }
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", SVG_NAMESPACE);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copyStyles(svg, copy);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** A picture has no stylesheet, so each element takes along the values it is shown with. */
function copyStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const text = STYLE_PROPERTIES.map((property) => `${property}:${style.getPropertyValue(property)}`).join(";");
  to.setAttribute("style", text);
  Array.from(from.children).forEach((child, index) => {
    const counterpart = to.children[index];
    if (counterpart) copyStyles(child, counterpart);
  });
}
