import { JSDOM as FullJSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { JSDOM } from "../../src/site/shared-window.js";

describe("new JSDOM(html)", () => {
  it.each([
    ['<!DOCTYPE html><body><h1 id="a">Tiêu đề</h1><p>x &amp; y<br>z'],
    ['<!DOCTYPE html><body><script type="module">if (1 < 2) run("</p>");</script><style>p > a{}</style>'],
    ["<!DOCTYPE html><body><table><tr><td>1</table><noscript><img src=x></noscript>"],
    [
      '<!DOCTYPE html><body>\n<!--:0a1b2c3d:--><svg viewBox="0 0 1 1"><path d="M0,0"/></svg><template><b>t</b></template>',
    ],
    ['<!DOCTYPE html><body><a href="../x y?z=%20#é">link</a><img srcset="a.png 1x, b.png 2x">'],
    [""],
  ])("parses %j as a window of its own does", (html) => {
    const { document } = new JSDOM(html).window;
    expect(document.documentElement.outerHTML).toBe(new FullJSDOM(html).window.document.documentElement.outerHTML);
  });

  it("gives each text a document that no other shares", () => {
    const first = new JSDOM("<p>first</p>").window.document;
    const second = new JSDOM("<p>second</p>").window.document;
    second.querySelector("p")?.remove();
    expect(first.body.innerHTML).toBe("<p>first</p>");
  });
});
