/**
 * Where within an exchange a trade was matched. Vietnamese boards: `G1` round lots, `G3` after the close, `G4` odd
 * lots, `T1` and `T3` put-through of round lots, `T4` and `T6` put-through of odd lots. `INDEX` holds levels of an
 * index; `MAIN` is the only board of a venue that has no others.
 */
export const BOARDS = ["G1", "G3", "G4", "T1", "T3", "T4", "T6", "INDEX", "MAIN"] as const;

export type Board = (typeof BOARDS)[number];

/** Boards whose prices make candles and the last price: odd lots and negotiated trades are kept apart. */
export const PRICE_FORMING_BOARDS: ReadonlySet<Board> = new Set<Board>(["G1", "G3", "INDEX", "MAIN"]);
