/**
 * Follows something for as long as an element is in the page. Framework takes elements out without a word: the first
 * news that finds a once shown element gone ends the following.
 */
export function whileShown<Event>(
  node: Element,
  follow: (listener: (event: Event) => void) => () => void,
  listener: (event: Event) => void,
): void {
  let wasShown = false;
  let isOver = false;
  let stop = () => {};
  stop = follow((event) => {
    if (isOver) return;
    if (node.isConnected) wasShown = true;
    else if (wasShown) {
      isOver = true;
      stop();
      return;
    }
    listener(event);
  });
}

const secondListeners = new Set<() => void>();
let secondTimer: ReturnType<typeof setInterval> | undefined;

/** Calls back once a second, for ages and clocks. */
export function eachSecond(listener: () => void): () => void {
  secondListeners.add(listener);
  secondTimer ??= setInterval(() => {
    for (const each of [...secondListeners]) each();
  }, 1_000);
  return () => {
    secondListeners.delete(listener);
    if (secondListeners.size > 0) return;
    clearInterval(secondTimer);
    secondTimer = undefined;
  };
}
