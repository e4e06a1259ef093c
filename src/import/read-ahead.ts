/**
 * The items of `source` in order, each fetched while the consumer works on the one before. A failure of the source
 * is thrown when its turn comes; a consumer that stops early waits for the fetch under way and ends the source.
 */
export async function* readAhead<Item>(source: AsyncGenerator<Item, void>): AsyncGenerator<Item, void, undefined> {
  let upcoming = source.next();
  try {
    for (;;) {
      const { done, value } = await upcoming;
      if (done) return;
      upcoming = source.next();
      upcoming.catch(() => {});
      yield value;
    }
  } finally {
    await source.return();
  }
}
