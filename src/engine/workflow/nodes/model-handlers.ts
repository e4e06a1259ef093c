import { MS_PER_HOUR } from "../../units/epoch-ms.js";
import type { NodeImplementation } from "../node-handler.js";
import type { NewsItem } from "../node-services.js";
import type { TableCell, TableValue } from "../port-value.js";
import { invalidInput, tableAt, textAt } from "./step-inputs.js";
import { aNumber, aTable, aText, gives } from "./step-outputs.js";
import { flagOf, numberOf, symbolOf, textOf } from "./step-parameters.js";
import { cellOf, rowOf, tableOf, withColumn } from "./table-columns.js";
import { textTone } from "./text-tone.js";

/** Columns that name a row and are no features. */
const ROW_NAMES: ReadonlySet<string> = new Set(["symbol", "time"]);

/** The features of a row; undefined when one is missing. @throws ARGUMENT_INVALID for a text */
function featuresOf(table: TableValue, row: number): Readonly<Record<string, number>> | undefined {
  const features: [string, number][] = [];
  for (const [name, cell] of Object.entries(rowOf(table, row))) {
    if (ROW_NAMES.has(name)) continue;
    if (cell === null || Number.isNaN(cell)) return undefined;
    if (typeof cell === "string") throw invalidInput("features", `text in column ${name}, row ${row}`, "numbers");
    features.push([name, Number(cell)]);
  }
  return Object.fromEntries(features);
}

/** The first of those with the same title, in the order given. */
function distinctTitles(news: readonly NewsItem[]): readonly NewsItem[] {
  const byTitle = new Map<string, NewsItem>();
  for (const item of news) {
    const title = item.title.normalize("NFC").trim().toLocaleLowerCase("vi");
    if (!byTitle.has(title)) byTitle.set(title, item);
  }
  return [...byTitle.values()];
}

export const MODEL_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "model.predict": {
    async run(parameters, inputs, { services, signal }) {
      const table = tableAt(inputs, "features");
      const model = textOf(parameters, "model");
      const predictions: TableCell[] = [];
      for (let row = 0; row < table.rowCount; row++) {
        const features = featuresOf(table, row);
        predictions.push(features ? cellOf(await services.models.predict(model, features, signal)) : null);
      }
      const [first] = predictions;
      return gives({
        predictions: aTable(withColumn(table, "prediction", predictions)),
        prediction: typeof first === "number" ? aNumber(first) : undefined,
      });
    },
  },
  "model.sentiment": {
    run(_parameters, inputs) {
      const { score, phrases } = textTone(textAt(inputs, "text"));
      return gives({ score: aNumber(score), why: aText(phrases.join(", ")) });
    },
  },
  "model.news-sentiment": {
    async run(parameters, _inputs, { services, asOfMs, signal }) {
      const windowMs = numberOf(parameters, "hours") * MS_PER_HOUR;
      const halfLifeMs = numberOf(parameters, "halfLifeHours") * MS_PER_HOUR;
      const all = await services.models.news(symbolOf(parameters), windowMs, asOfMs, signal);
      const news = flagOf(parameters, "distinct") ? distinctTitles(all) : all;
      const tones = news.map(({ title }) => textTone(title));
      let weights = 0;
      let weighted = 0;
      let told = 0;
      tones.forEach(({ score, phrases }, i) => {
        if (phrases.length === 0) return;
        const weight = 0.5 ** ((asOfMs - news[i]!.publishedAtMs) / halfLifeMs);
        weights += weight;
        weighted += weight * score;
        told++;
      });
      const isEnough = told >= numberOf(parameters, "minimum");
      const table = tableOf({
        time: news.map(({ publishedAtMs }) => publishedAtMs),
        title: news.map(({ title }) => title),
        source: news.map(({ source }) => source),
        score: tones.map(({ score, phrases }) => (phrases.length === 0 ? null : score)),
        why: tones.map(({ phrases }) => phrases.join(", ")),
      });
      return gives(
        { score: isEnough ? aNumber(weighted / weights) : undefined, count: aNumber(news.length), news: aTable(table) },
        { note: `${told} of ${news.length} titles have a tone` },
      );
    },
  },
};
