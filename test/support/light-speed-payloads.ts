/** Payloads of the topics under `plaintext/quotes/krx/mdds`: names with prefixes, 64-bit numbers as strings. */
const ROOT = "plaintext/quotes/krx/mdds";

export const topicOf = {
  tick: (symbol: string) => `${ROOT}/tick/v1/roundlot/symbol/${symbol}`,
  topPrice: (symbol: string) => `${ROOT}/topprice/v1/roundlot/symbol/${symbol}`,
  stockInfo: (symbol: string) => `${ROOT}/stockinfo/v1/roundlot/symbol/${symbol}`,
  index: (name: string) => `${ROOT}/index/${name}`,
  boardEvent: (market: string, product: string) => `${ROOT}/boardevent/v1/roundlot/market/${market}/product/${product}`,
};

/** 2026-03-02, a Monday, 09:20 in Ho Chi Minh City. */
export const SENT_AT_MS = Date.UTC(2026, 2, 2, 2, 20);

/** The `number`-th trade of the day, of ten shares in tens: cumulative volume is 100 shares a trade. */
export function tickPayload(symbol: string, number: number, fields: Record<string, unknown> = {}): object {
  return {
    marketId: "MARKET_ID_STO",
    boardId: "BOARD_ID_G1",
    isin: `VN000000${symbol}0`,
    symbol,
    matchPrice: 26.85,
    matchQtty: 10,
    sendingTime: new Date(SENT_AT_MS + number).toISOString(),
    boardIdOriginal: "BOARD_ID_G1",
    tradingSessionId: "TRADING_SESSION_ID_40",
    totalVolumeTraded: String(number * 10),
    grossTradeAmount: number * 0.002_685,
    side: "SIDE_BUY",
    ...fields,
  };
}

export function topPricePayload(symbol: string): object {
  return {
    symbol,
    sendingTime: new Date(SENT_AT_MS).toISOString(),
    bid: [
      { price: 26.8, qtty: "1200" },
      { price: 26.75, qtty: "50" },
    ],
    offer: [{ price: 26.85, qtty: "310" }],
    totalBidQtty: "1250",
    totalOfferQtty: "310",
  };
}

export function stockInfoPayload(symbol: string, fields: Record<string, unknown> = {}): object {
  return {
    marketId: "MARKET_ID_STO",
    boardId: "BOARD_ID_G1",
    symbol,
    referencePrice: 26.8,
    highLimitPrice: 28.65,
    lowLimitPrice: 24.95,
    matchPrice: 26.85,
    matchQuantity: "10",
    changedValue: 0.05,
    changedRatio: 0.19,
    openPrice: 26.8,
    highestPrice: 26.9,
    lowestPrice: 26.7,
    averagePrice: 26.81,
    totalVolumeTraded: "421570",
    grossTradeAmount: 55.095_725,
    foreignerOrderLimitQuantity: "3478000000",
    securityStatus: "SECURITY_STATUS_NO_HALT",
    tradingSessionId: "TRADING_SESSION_ID_40",
    tradingTime: new Date(SENT_AT_MS).toISOString(),
    ...fields,
  };
}

export function indexPayload(indexName: string): object {
  return {
    indexName,
    valueIndexes: 1_265.31,
    priorValueIndexes: 1_260.02,
    changedValue: 5.29,
    changedRatio: 0.42,
    fluctuationUpIssueCount: 210,
    fluctuationDownIssueCount: 120,
    fluctuationSteadinessIssueCount: 60,
    fluctuationUpperLimitIssueCount: 5,
    fluctuationLowerLimitIssueCount: 2,
    totalVolumeTraded: "412345600",
    grossTradeAmount: 9_876.5,
    transactTime: new Date(SENT_AT_MS).toISOString(),
  };
}

export function boardEventPayload(session: string): object {
  return {
    marketId: "MARKET_ID_STO",
    boardId: "BOARD_ID_G1",
    tscProdGrpId: "STO",
    eventId: "AB2",
    tradingSessionId: `TRADING_SESSION_ID_${session}`,
    sendingTime: new Date(SENT_AT_MS).toISOString(),
  };
}
