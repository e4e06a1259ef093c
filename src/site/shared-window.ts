/**
 * Stands in for `jsdom` where Framework parses a page's HTML. Framework opens a whole browser window for each of the
 * half a dozen times it looks at a page; here one window parses them all, each into a document of its own.
 */
import { JSDOM as FullJSDOM, VirtualConsole } from "jsdom";

const { window } = new FullJSDOM("");

export { VirtualConsole };

export class JSDOM {
  readonly window: { readonly document: Document };

  constructor(html: string) {
    this.window = { document: new window.DOMParser().parseFromString(html, "text/html") };
  }
}
