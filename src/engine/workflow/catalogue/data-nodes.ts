import type { NodeType } from "../node-type.js";
import {
  candleLength,
  choice,
  flag,
  integer,
  nodeType,
  optionalInput,
  output,
  symbol,
  symbols,
  text,
} from "./node-type-builders.js";

const READING_MS = 30_000;

const candleCount = integer("count", "How many candles, back from the run's as-of time.", {
  min: 1,
  max: 20_000,
  default: 250,
  unit: "candles",
});

export const DATA_NODES: readonly NodeType[] = [
  nodeType({
    id: "data.candles",
    category: "data",
    label: "Candles",
    summary: "Reads the last candles of a symbol as five series.",
    details:
      "Only candles that had closed by the run's as-of time: a daily candle after the closing auction. Each value is " +
      "dated at the opening of its candle. A symbol with fewer candles gives fewer; one with none fails. Prices are in " +
      "major units of the currency, volume in shares or contracts.",
    outputs: [
      output("close", "series", "Closes."),
      output("open", "series", "Opens."),
      output("high", "series", "Highs."),
      output("low", "series", "Lows."),
      output("volume", "series", "Volumes; not defined where the source has none."),
    ],
    parameters: [symbol("symbol", "Whose candles."), candleLength(), candleCount],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.closes",
    category: "data",
    label: "Closes of many symbols",
    summary: "Reads the closes of several symbols on the days they all have, as one table.",
    details:
      "One row per candle that every symbol has, with `time` (UTC epoch ms of the opening) and a column per symbol. A " +
      "symbol with a short history shortens the table for all; the note of the step says which one is shortest.",
    inputs: [optionalInput("symbols", "table", "A table with a column `symbol`; goes before the parameter.")],
    outputs: [output("closes", "table", "`time` and a column per symbol.")],
    parameters: [
      symbols("symbols", "The symbols, when no table is connected.", { default: [], maxItems: 200 }),
      candleLength(),
      candleCount,
    ],
    timeoutMs: 60_000,
  }),
  nodeType({
    id: "data.quote",
    category: "data",
    label: "Last price",
    summary: "Reads the last known price of a symbol and how far it is from the reference price.",
    details: "change = 100 · (price / reference − 1), inactive where the reference price is unknown.",
    outputs: [
      output("price", "number", "The last price, in major units."),
      output("change", "number", "Change from the reference price, in %."),
      output("volume", "number", "Volume of the day so far, in shares."),
    ],
    parameters: [symbol("symbol", "Whose price.")],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.snapshot",
    category: "data",
    label: "Snapshot",
    summary: "Reads the last known prices of several symbols as a table.",
    details: "Symbols without a price are left out. `change` is in %, empty where the reference price is unknown.",
    inputs: [optionalInput("symbols", "table", "A table with a column `symbol`; goes before the parameter.")],
    outputs: [output("quotes", "table", "`symbol`, `price`, `reference`, `change`, `volume`, `currency`, `time`.")],
    parameters: [symbols("symbols", "The symbols, when no table is connected.", { default: [] })],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.index",
    category: "data",
    label: "Index",
    summary: "Reads the level of an index, in points, and its change on the last candle.",
    details: "change = 100 · (last close / close before − 1), inactive with a single candle.",
    outputs: [
      output("level", "series", "Closes, in points."),
      output("last", "number", "The last close, in points."),
      output("change", "number", "Change on the last candle, in %."),
    ],
    parameters: [
      choice("index", "Which index.", ["VNINDEX", "VN30", "HNXINDEX", "HNX30", "UPCOMINDEX", "VN100", "VNMIDCAP"]),
      candleLength(),
      candleCount,
    ],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.universe",
    category: "data",
    label: "Universe",
    summary: "Lists the symbols of an index, an exchange or a sector.",
    details: "Membership as of the run's as-of time where the workbench knows it, else today's. In alphabetical order.",
    outputs: [
      output("symbols", "table", "One column, `symbol`."),
      output("count", "number", "How many symbols there are."),
    ],
    parameters: [text("name", "Such as VN30, HOSE or Banks.", { default: "VN30", maxLength: 60 })],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.portfolio",
    category: "data",
    label: "Portfolio",
    summary: "Reads cash and positions and values them at the last known prices.",
    details:
      "value = quantity × price, weight = value / equity, equity = cash + all values. A position without a price has no " +
      "value; equity is then unknown, so `equity` and the weights are left out rather than guessed.",
    outputs: [
      output("positions", "table", "`symbol`, `quantity`, `averagePrice`, `price`, `value`, `weight`."),
      output("cash", "number", "Cash, in major units."),
      output("equity", "number", "Cash and positions, in major units; inactive while a position has no price."),
    ],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.position",
    category: "data",
    label: "Position",
    summary: "Reads what is held of one symbol.",
    details: "Without a position `held` is false, `quantity` is 0 and `averagePrice` is inactive.",
    outputs: [
      output("held", "boolean", "Whether there is a position, long or short."),
      output("quantity", "number", "Shares held; below zero when short."),
      output("averagePrice", "number", "The average price paid, in major units."),
    ],
    parameters: [symbol("symbol", "Of which symbol.")],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.exposure",
    category: "data",
    label: "Value-chain exposure",
    summary: "Reads what a symbol depends on in the value chain, and how much.",
    details:
      "An exposure of 0.3 to a factor says that a rise of the factor by 1% goes with a rise of 0.3% of the symbol, along " +
      "all paths of the value chain as it held at the as-of time. `low` and `high` bound it. It explains; it is no " +
      "forecast.",
    outputs: [
      output("exposures", "table", "`factor`, `exposure`, `low`, `high`."),
      output("exposure", "number", "The exposure to the chosen factor; inactive without such a factor."),
    ],
    parameters: [
      symbol("symbol", "Whose exposures."),
      text("factor", "The factor that `exposure` is about, such as DCE.I; none when empty.", {
        default: "",
        maxLength: 60,
      }),
    ],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.lead-lag",
    category: "data",
    label: "Lead-lag study",
    summary: "Reads the latest stored study of whether one series leads another.",
    details:
      "Studies made after the as-of time are not seen. `found` is true for the verdict `lead-found` alone. `q` is the p " +
      "value adjusted for all pairs that were tested together (Benjamini and Hochberg). Without a study `found` is " +
      "false and the rest is inactive.",
    outputs: [
      output("found", "boolean", "Whether the study found a lead that can be traded."),
      output("lagDays", "number", "Trading days by which the source leads."),
      output("correlation", "number", "Correlation of the returns at that lag."),
      output("q", "number", "Adjusted p value."),
      output("verdict", "text", "The verdict of the study."),
    ],
    parameters: [symbol("source", "The series that may lead."), symbol("target", "The series that may follow.")],
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.file",
    category: "data",
    label: "File",
    summary: "Reads a table from a file in the workbench's folder of inputs.",
    details:
      "CSV, JSON, Arrow or Parquet, by name, never by a path out of the folder. Not deterministic: the file may change " +
      "from run to run.",
    outputs: [output("table", "table", "The rows of the file.")],
    parameters: [text("name", "The file's name, such as targets.csv.", { maxLength: 255 })],
    isDeterministic: false,
    permission: "files:read",
    timeoutMs: READING_MS,
  }),
  nodeType({
    id: "data.sql",
    category: "data",
    label: "SQL",
    summary: "Runs one statement that reads over the data of the pages.",
    details:
      "A statement that writes is refused. Not deterministic: a statement may ask for the time, and loaded data is " +
      "replaced when it is loaded again.",
    outputs: [output("table", "table", "The rows of the answer.")],
    parameters: [
      { kind: "sql", name: "statement", label: "statement", help: "One SELECT statement.", maxLength: 10_000 },
    ],
    isDeterministic: false,
    timeoutMs: 60_000,
  }),
  nodeType({
    id: "data.http",
    category: "data",
    label: "HTTP request",
    summary: "Gets a document from a host that the configuration allows.",
    details:
      "Only hosts of the allow-list, never private addresses. A status of 400 or more fails the step unless failures " +
      "are accepted. A JSON object or list of objects also comes as a table; anything else as text alone.",
    outputs: [
      output("text", "text", "The body."),
      output("table", "table", "The body as a table, when it is JSON made of objects."),
      output("status", "number", "The HTTP status."),
    ],
    parameters: [
      { kind: "url", name: "url", label: "url", help: "The address, with http or https." },
      {
        kind: "json",
        name: "headers",
        label: "headers",
        help: 'Headers as a JSON object of texts, such as {"accept": "application/json"}.',
        default: {},
        maxLength: 4_000,
      },
      flag("acceptFailures", "Go on with a status of 400 or more.", false),
    ],
    isDeterministic: false,
    permission: "http:request",
    timeoutMs: 60_000,
  }),
];
