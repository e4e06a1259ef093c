export interface ExampleQuery {
  readonly label: string;
  /** Needs trades of the stream. */
  readonly isLive: boolean;
  readonly sql: string;
}

export const EXAMPLE_QUERIES: readonly ExampleQuery[] = [
  {
    label: "Busiest symbols",
    isLive: true,
    sql: `SELECT symbol, count(*) AS trades, sum(value) AS traded_value,
       sum(value) / sum(quantity) AS average_price
FROM ticks
WHERE board = 'G1'
GROUP BY symbol
ORDER BY traded_value DESC
LIMIT 20`,
  },
  {
    label: "Who crosses the spread",
    isLive: true,
    sql: `SELECT symbol,
       sum(CASE side WHEN 'B' THEN value WHEN 'S' THEN -value END) AS net_bought,
       sum(value) AS traded_value
FROM ticks
GROUP BY symbol
ORDER BY net_bought DESC`,
  },
  {
    label: "Value by ten seconds",
    isLive: true,
    sql: `SELECT time_bucket(INTERVAL 10 SECOND, time) AS bucket, sum(value) AS traded_value
FROM ticks
GROUP BY bucket
ORDER BY bucket`,
  },
  {
    label: "Largest trades",
    isLive: true,
    sql: `SELECT time, symbol, price, quantity, value, side
FROM ticks
ORDER BY value DESC
LIMIT 50`,
  },
  {
    label: "Volatility of a year",
    isLive: false,
    sql: `WITH returns AS (
  SELECT symbol, date, ln(close / lag(close) OVER (PARTITION BY symbol ORDER BY date)) AS r
  FROM daily
)
SELECT symbol, stddev_samp(r) * sqrt(252) AS volatility, count(r) AS days
FROM returns
WHERE date > (SELECT max(date) FROM daily) - 365
GROUP BY symbol
HAVING days > 100
ORDER BY volatility DESC
LIMIT 25`,
  },
  {
    label: "Sectors by market cap",
    isLive: false,
    sql: `SELECT coalesce(sector, 'unknown') AS sector, sum(market_cap) AS market_cap,
       count(*) AS shares, median(change_1d) AS median_change
FROM snapshot
WHERE asset_class = 'equity'
GROUP BY 1
ORDER BY market_cap DESC`,
  },
  {
    label: "An index by month",
    isLive: false,
    sql: `SELECT CAST(date_trunc('month', date) AS TIMESTAMP) AS month, last(close ORDER BY date) AS close
FROM daily
WHERE symbol = 'VNINDEX'
GROUP BY month
ORDER BY month`,
  },
];
