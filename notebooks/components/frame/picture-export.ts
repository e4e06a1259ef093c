const MARGIN = 16;
const TITLE_HEIGHT = 52;
const FOOTER_HEIGHT = 24;
const PIXEL_RATIO = 2;
const STYLE_PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
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
  const frame = body.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  const height = TITLE_HEIGHT + frame.height + FOOTER_HEIGHT + 2 * MARGIN;
  canvas.width = (frame.width + 2 * MARGIN) * PIXEL_RATIO;
  canvas.height = height * PIXEL_RATIO;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no canvas to draw on");
  context.scale(PIXEL_RATIO, PIXEL_RATIO);
  drawCaption(context, caption, frame.width, height);
  for (const drawing of drawingsIn(body)) {
    const place = drawing.getBoundingClientRect();
    const image = drawing instanceof SVGSVGElement ? await imageOf(drawing) : drawing;
    const x = MARGIN + place.left - frame.left;
    const y = MARGIN + TITLE_HEIGHT + place.top - frame.top;
    context.drawImage(image, x, y, place.width, place.height);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))), "image/png");
  });
}

function drawingsIn(body: HTMLElement): (SVGSVGElement | HTMLCanvasElement)[] {
  const all = [...body.querySelectorAll<SVGSVGElement | HTMLCanvasElement>("svg, canvas")];
  return all.filter((drawing) => !drawing.parentElement?.closest("svg") && drawing.getBoundingClientRect().width > 0);
}

function drawCaption(context: CanvasRenderingContext2D, caption: PictureCaption, width: number, height: number): void {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  context.fillStyle = token("--panel");
  context.fillRect(0, 0, width + 2 * MARGIN, height);
  const write = (text: string, y: number, font: string, color: string) => {
    context.font = `${font} ${token("--sans-serif")}`;
    context.fillStyle = color;
    context.fillText(text, MARGIN, y, width);
  };
  write(caption.title, MARGIN + 16, "600 16px", token("--text"));
  write(caption.subtitle, MARGIN + 36, "400 12px", token("--muted"));
  write(caption.footer, height - MARGIN + 4, "400 11px", token("--muted"));
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
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
