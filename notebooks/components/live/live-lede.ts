import { element } from "../element.js";
import { emptyState } from "../frame/state-block.js";
import type { LiveMarket } from "./live.js";
import type { LiveState } from "./live-state.js";
import { whileShown } from "./shown-element.js";

/** The demo market moves by itself; a real one needs an account with a broker. */
const DEMO_COMMAND = "npm start";
const BROKER_COMMAND = "FEED=dnse DNSE_API_KEY=… DNSE_API_SECRET=… DNSE_SYMBOLS=HPG,FPT npm start";

/** The head of the live page: what it is, or what to do where nothing moves. */
export function liveLede(live: LiveMarket): HTMLElement {
  const place = element("div", { class: "live-lede" });
  let shown: string | undefined;
  whileShown<LiveState>(
    place,
    (listener) => live.state.follow(listener),
    ({ link, status }) => {
      const kind = link.kind === "none" ? link.reason : !status || status.feed === "none" ? "no-stream" : "following";
      if (kind === shown) return;
      shown = kind;
      place.replaceChildren(...ledeOf(kind));
    },
  );
  return place;
}

function ledeOf(kind: "file-host" | "other-dataset" | "asking" | "no-stream" | "following"): Node[] {
  switch (kind) {
    case "following":
      return [element("p", {}, "Prices, trades and the health of the feed, as they come in.")];
    case "asking":
      return [element("p", { class: "muted" }, "Looking for a server with a stream.")];
    case "other-dataset":
    case "file-host":
      return [
        emptyState({
          isWholePage: true,
          title: "Nothing moves here",
          reason:
            "This copy of the workbench is files alone. Watchlist, tape, feed health and delays stand here when a server with a feed shows it:",
          commands: [DEMO_COMMAND, BROKER_COMMAND],
        }),
      ];
    case "no-stream":
      return [
        emptyState({
          isWholePage: true,
          title: "The server has no feed",
          reason: "It follows none, so nothing moves. Start it with one; docs/feeds.md lists what each needs:",
          commands: [BROKER_COMMAND],
        }),
      ];
  }
}
