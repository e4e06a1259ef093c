import { flash } from "./flash.js";

const NUMBERS = ".number, .column-number";

/**
 * Makes `node` look like `next` with as few changes as possible, so that focus, selection and scrolling stay, and
 * lets the numbers that changed flash. Listeners of what stays are those of the first drawing. Drawings that fit
 * themselves to their place are exchanged, except under the pointer, where a reader has a tip open.
 */
export function morph(node: Element, next: Element): void {
  if (node.tagName !== next.tagName) {
    node.replaceWith(next);
    return;
  }
  if (node.classList.contains("responsive")) {
    if (!node.matches(":hover") && !node.contains(document.activeElement)) node.replaceWith(next);
    return;
  }
  if (node.classList.contains("figure-downloads")) {
    if (!node.contains(document.activeElement)) node.replaceWith(next);
    return;
  }
  copyAttributes(node, next);
  const olds = [...node.childNodes];
  const news = [...next.childNodes];
  if (!haveSameShape(olds, news)) {
    node.replaceChildren(...news);
    return;
  }
  let hasNewText = false;
  olds.forEach((old, index) => {
    const other = news[index];
    if (old instanceof Element && other instanceof Element) morph(old, other);
    else if (other && old.nodeValue !== other.nodeValue) {
      old.nodeValue = other.nodeValue;
      hasNewText = true;
    }
  });
  if (hasNewText && node.matches(NUMBERS)) flash(node);
}

function haveSameShape(olds: readonly Node[], news: readonly Node[]): boolean {
  return olds.length === news.length && olds.every((old, index) => old.nodeType === news[index]?.nodeType);
}

function copyAttributes(node: Element, next: Element): void {
  const isFlashing = node.classList.contains("flash");
  for (const { name } of [...node.attributes]) if (!next.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of [...next.attributes]) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  if (isFlashing) node.classList.add("flash");
}
