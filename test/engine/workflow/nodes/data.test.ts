import { describe, expect, it } from "vitest";
import type { CandleSeries } from "../../../../src/engine/market-data/candle-columns.js";
import { epochMs, MS_PER_HOUR } from "../../../../src/engine/units/epoch-ms.js";
import type { LeadLagFinding, NodeServices } from "../../../../src/engine/workflow/node-services.js";
import { textTone } from "../../../../src/engine/workflow/nodes/text-tone.js";
import { BAD_PHRASES, GOOD_PHRASES } from "../../../../src/engine/workflow/nodes/tone-lexicon.js";
import { AS_OF_MS, number, outputsOf, rowsOf, runNode, series, table, text, valuesOf } from "./run-node.js";

function candlesOf(close: readonly number[], openedAtMs = close.map((_, row) => row)): CandleSeries {
  const column = Float64Array.from(close);
  const times = Float64Array.from(openedAtMs);
  return {
    length: close.length,
    openedAtMs: times,
    open: column,
    high: column,
    low: column,
    close: column,
    volume: column,
  };
}

const servicesWith = (services: object) => services as unknown as NodeServices;

describe("market data", () => {
  const histories: Readonly<Record<string, CandleSeries>> = {
    HPG: candlesOf([25, 26, 27]),
    FPT: candlesOf([100, NaN, 102]),
    NEW: candlesOf([7], [2]),
    NONE: candlesOf([]),
    VNINDEX: candlesOf([1_000, 1_010]),
  };
  const asked: unknown[] = [];
  const services = servicesWith({
    marketData: {
      candles: async (request: { symbol: string }) => {
        asked.push(request);
        return histories[request.symbol]!;
      },
      quotes: async (symbols: readonly string[]) =>
        symbols
          .filter((symbol) => symbol !== "NONE")
          .map((symbol) => ({
            symbol,
            price: 27,
            reference: symbol === "HPG" ? 25 : NaN,
            volume: 5,
            currency: "VND",
            atMs: 3,
          })),
      universe: async () => ["ACB", "BID"],
    },
  });

  it("data.candles asks for what had closed as of the run and gives five series of the symbol", async () => {
    const { close, volume } = await outputsOf(
      "data.candles",
      { symbol: "HPG", interval: "1h", count: 3 },
      { services },
    );
    expect(asked.at(-1)).toEqual({ symbol: "HPG", interval: "1h", count: 3, asOfMs: AS_OF_MS });
    expect([valuesOf(close), valuesOf(volume)]).toEqual([
      [25, 26, 27],
      [25, 26, 27],
    ]);
    expect(close).toMatchObject({ symbol: "HPG" });
    await expect(runNode("data.candles", { symbol: "NONE" }, { services })).rejects.toMatchObject({
      code: "SERIES_TOO_SHORT",
    });
  });

  it("data.closes keeps the times at which every symbol has a close", async () => {
    const result = await runNode("data.closes", { symbols: ["HPG", "FPT"] }, { services });
    expect(rowsOf(result.outputs.closes!.value)).toEqual([
      ["time", "HPG", "FPT"],
      [0, 25, 100],
      [2, 27, 102],
    ]);
    const withNew = await runNode(
      "data.closes",
      {},
      { services, inputs: { symbols: table(["symbol"], ["HPG"], ["NEW"]) } },
    );
    expect([withNew.outputs.closes, withNew.note]).toMatchObject([
      { value: { rowCount: 1 } },
      "1 common rows; NEW has fewest candles, 1",
    ]);
    await expect(runNode("data.closes", {}, { services })).rejects.toMatchObject({
      message: "invalid input symbols: no symbols (accepted: at least one)",
    });
  });

  it("data.quote and data.snapshot leave out what is not known", async () => {
    expect(await outputsOf("data.quote", { symbol: "HPG" }, { services })).toEqual({
      price: 27,
      change: expect.closeTo(8, 9),
      volume: 5,
    });
    expect(await outputsOf("data.quote", { symbol: "FPT" }, { services })).toEqual({ price: 27, volume: 5 });
    const nothing = await runNode("data.quote", { symbol: "NONE" }, { services });
    expect([nothing.outputs, nothing.note]).toEqual([{}, "no price of NONE is known"]);
    const { quotes } = await outputsOf("data.snapshot", { symbols: ["HPG", "NONE", "FPT"] }, { services });
    expect(rowsOf(quotes).map((row) => [row[0], row[2]])).toEqual([
      ["symbol", "reference"],
      ["HPG", 25],
      ["FPT", null],
    ]);
  });

  it("data.index and data.universe", async () => {
    const { last, change } = await outputsOf("data.index", {}, { services });
    expect([last, change]).toEqual([1_010, expect.closeTo(1, 9)]);
    expect(await outputsOf("data.universe", {}, { services })).toMatchObject({ count: 2 });
  });
});

describe("studies and documents", () => {
  const exposures = table(["factor", "exposure", "low", "high"], ["DCE.I", -0.3, -0.5, -0.1]).value;

  it("data.exposure gives the exposure to the factor that is named", async () => {
    const services = servicesWith({ studies: { exposure: async () => exposures } });
    const about = (factor: string) => runNode("data.exposure", { symbol: "HPG", factor }, { services });
    expect((await about("DCE.I")).outputs.exposure).toEqual({ type: "number", value: -0.3 });
    expect([(await about("BRENT")).outputs.exposure, (await about("BRENT")).note]).toEqual([
      undefined,
      "no path from BRENT",
    ]);
    expect((await about("")).note).toBeUndefined();
  });

  it.each<[string, LeadLagFinding | undefined, object]>([
    ["no study", undefined, { found: false }],
    [
      "a lead",
      { verdict: "lead-found", lagDays: 5, correlation: 0.3, p: 0.01, q: 0.02, studiedAtMs: epochMs(1) },
      { found: true, lagDays: 5, correlation: 0.3, q: 0.02, verdict: "lead-found" },
    ],
    [
      "no lead",
      { verdict: "no-lead-found", correlation: 0.01, p: 0.5, q: 0.9, studiedAtMs: epochMs(1) },
      { found: false, correlation: 0.01, q: 0.9, verdict: "no-lead-found" },
    ],
    [
      "a lead that cannot be traded",
      { verdict: "not-tradable", lagDays: 1, correlation: 0.1, p: 0.01, q: 0.04, studiedAtMs: epochMs(1) },
      { found: false, lagDays: 1, correlation: 0.1, q: 0.04, verdict: "not-tradable" },
    ],
  ])("data.lead-lag with %s", async (_what, finding, expected) => {
    const services = servicesWith({ studies: { leadLag: async () => finding } });
    expect(await outputsOf("data.lead-lag", { source: "DCE.I", target: "HPG" }, { services })).toEqual(expected);
  });

  it("data.file and data.sql give the table they read, as of the run", async () => {
    const asked: unknown[] = [];
    const services = servicesWith({
      documents: {
        file: async (...question: unknown[]) => {
          asked.push(question[0]);
          return exposures;
        },
        query: async (...question: unknown[]) => {
          asked.push(question.slice(0, 2));
          return exposures;
        },
      },
    });
    expect(await outputsOf("data.file", { name: "a.csv" }, { services })).toEqual({ table: exposures });
    expect(await outputsOf("data.sql", { statement: "SELECT 1" }, { services })).toEqual({ table: exposures });
    expect(asked).toEqual(["a.csv", ["SELECT 1", AS_OF_MS]]);
  });
});

describe("models", () => {
  it("model.predict predicts each row and passes over rows with a missing feature", async () => {
    const services = servicesWith({
      models: { predict: async (_model: string, { rsi, gap }: { rsi: number; gap: number }) => rsi + 10 * gap },
    });
    const features = table(["symbol", "time", "rsi", "gap"], ["HPG", 1, 30, 2], ["FPT", 1, null, 1]);
    const result = await outputsOf("model.predict", { model: "m" }, { inputs: { features }, services });
    expect([rowsOf(result.predictions).map((row) => row[4]), result.prediction]).toEqual([
      ["prediction", 50, null],
      50,
    ]);
    const wrong = { inputs: { features: table(["rsi"], ["high"]) }, services };
    await expect(runNode("model.predict", { model: "m" }, wrong)).rejects.toMatchObject({
      message: "invalid input features: text in column rsi, row 0 (accepted: numbers)",
    });
  });

  it.each([
    ["Hòa Phát báo lãi kỷ lục, khối ngoại mua ròng", 1, ["+lãi kỷ lục", "+mua ròng"]],
    ["Cổ phiếu bị bán tháo, giảm sàn sau tin khởi tố", -1, ["−bán tháo", "−giảm sàn", "−khởi tố"]],
    ["Lợi nhuận tăng nhưng rủi ro nợ xấu", -1 / 3, ["+lợi nhuận tăng", "−rủi ro", "−nợ xấu"]],
    ["Profit surges as HPG beats estimates", 1, ["+profit surges", "+beats"]],
    ["No growth this year", -1, ["−not growth"]],
    ["Không còn thua lỗ", 1, ["+not thua lỗ"]],
    ["Kết quả không đạt", -1, ["−không đạt"]],
    ["Gains, gains and gains", 1, ["+gains"]],
    ["Đại hội cổ đông thường niên", 0, []],
    ["", 0, []],
  ])("textTone of %j is %d", (title, score, phrases) => {
    const tone = textTone(title);
    expect(tone.score).toBeCloseTo(score, 12);
    expect(tone.phrases).toEqual(phrases);
  });

  it("the lexicon has each phrase once, as textTone reads it", () => {
    const phrases = [...GOOD_PHRASES, ...BAD_PHRASES];
    expect(new Set(phrases).size).toBe(phrases.length);
    for (const phrase of GOOD_PHRASES) expect(textTone(phrase)).toEqual({ score: 1, phrases: [`+${phrase}`] });
    for (const phrase of BAD_PHRASES) expect(textTone(phrase)).toEqual({ score: -1, phrases: [`−${phrase}`] });
  });

  it("textTone reads decomposed letters and capitals alike", () => {
    expect(textTone("LÃI KỶ LỤC".normalize("NFD"))).toEqual(textTone("lãi kỷ lục"));
  });

  it("model.sentiment says by which words", async () => {
    const inputs = { text: text("Cổ phiếu giảm sàn") };
    expect(await outputsOf("model.sentiment", {}, { inputs })).toEqual({ score: -1, why: "−giảm sàn" });
  });

  it("model.news-sentiment weighs by age, counts equal titles once and is silent with too few", async () => {
    const item = (hoursBefore: number, title: string) => ({
      publishedAtMs: epochMs(AS_OF_MS - hoursBefore * MS_PER_HOUR),
      title,
      source: "s",
    });
    const news = [item(0, "lãi kỷ lục"), item(24, "giảm sàn"), item(24, "Giảm sàn "), item(1, "đại hội")];
    const services = servicesWith({ models: { news: async () => news } });
    const parameters = { symbol: "HPG", halfLifeHours: 24 };
    const result = await outputsOf("model.news-sentiment", parameters, { services });
    // Weights 1 and ½: (1 − ½) / 1½.
    expect([result.score, result.count]).toEqual([expect.closeTo(1 / 3, 12), 3]);
    expect(rowsOf(result.news).map((row) => row[3])).toEqual(["score", 1, -1, null]);
    const few = await outputsOf("model.news-sentiment", { ...parameters, minimum: 3 }, { services });
    expect(few.score).toBeUndefined();
  });
});

describe("portfolio nodes over values", () => {
  const closes = table(["time", "A", "B"], [1, 100, 50], [2, 110, 50.5], [3, 99, 50], [4, 105, 50.4], [5, 101, 50.1]);
  const weightsOf = async (id: string, parameters: Record<string, string | number>, inputs: object) =>
    rowsOf((await outputsOf(id, parameters, { inputs: inputs as never })).weights);

  it("portfolio.risk-parity gives equal shares of the risk, and inverse volatility agrees for two symbols", async () => {
    const [header, a, b] = await weightsOf("portfolio.risk-parity", {}, { closes });
    expect(header).toEqual(["symbol", "weight", "riskShare"]);
    expect([a![2], b![2]]).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)]);
    const [, first] = await weightsOf("portfolio.inverse-volatility", {}, { closes });
    expect(first![1]).toBeCloseTo(a![1] as number, 9);
    const flat = table(["time", "A"], [1, 5], [2, 5], [3, 5]);
    await expect(runNode("portfolio.risk-parity", {}, { inputs: { closes: flat } })).rejects.toMatchObject({
      code: "SERIES_CONSTANT",
    });
  });

  it("portfolio.equal-weights, score-weights and cap-weights", async () => {
    const scores = table(["symbol", "score"], ["A", 1], ["B", 3], ["C", -1], ["D", null]);
    expect(await weightsOf("portfolio.equal-weights", { total: 0.8 }, { symbols: scores })).toEqual([
      ["symbol", "weight"],
      ...["A", "B", "C", "D"].map((symbol) => [symbol, 0.2]),
    ]);
    const weights = await outputsOf("portfolio.score-weights", { method: "proportional" }, { inputs: { scores } });
    expect(rowsOf(weights.weights)).toEqual([
      ["symbol", "weight"],
      ["B", 0.75],
      ["A", 0.25],
    ]);
    const capped = { weights: { type: "table", value: weights.weights } };
    expect(await weightsOf("portfolio.cap-weights", { most: 0.6 }, capped)).toEqual([
      ["symbol", "weight"],
      ["B", 0.6],
      ["A", 0.4],
    ]);
    const chosen = table(["symbol", "isOversold"], ["A", true], ["B", false]);
    expect(await weightsOf("portfolio.score-weights", { column: "isOversold" }, { scores: chosen })).toEqual([
      ["symbol", "weight"],
      ["A", 1],
    ]);
    const twice = table(["symbol", "weight"], ["A", 0.1], ["A", 0.1]);
    await expect(runNode("portfolio.cap-weights", {}, { inputs: { weights: twice } })).rejects.toMatchObject({
      message: "invalid input weights: a symbol that comes twice (accepted: each symbol once)",
    });
  });

  it("sizes are whole lots of 100", async () => {
    const account = { equity: number(1_000_000_000), price: number(33_300) };
    expect(await outputsOf("portfolio.size-fraction", { fraction: 0.1 }, { inputs: account })).toEqual({
      quantity: 3_000,
      value: 99_900_000,
    });
    expect(await outputsOf("portfolio.size-risk", {}, { inputs: { ...account, stop: number(31_300) } })).toMatchObject({
      quantity: 5_000,
    });
    const closesOfOne = series([100, 110, 99, 110, 100]);
    const sized = await outputsOf(
      "portfolio.size-volatility",
      { most: 1 },
      { inputs: { equity: account.equity, closes: closesOfOne } },
    );
    const volatility = sized.volatility as number;
    expect(sized.quantity).toBe(Math.floor(((0.02 / volatility) * 1_000_000_000) / 100 / 100) * 100);
  });
});
