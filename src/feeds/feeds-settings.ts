import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";
import { BOARDS, type Board } from "../engine/live-market/board.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../engine/market-data/instrument-symbol.js";
import type { DnseUnits } from "./dnse/dnse-units.js";
import { FEED_NAMES } from "./market-feed.js";

type Environment = Readonly<Record<string, string | undefined>>;

export const FEED_CHOICES = [...FEED_NAMES, "off"] as const;

export type FeedChoice = (typeof FEED_CHOICES)[number];

/** The broker's current service: a WebSocket with signed requests beside it. */
export interface DnseOpenApiSettings {
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Empty: every instrument the broker lists. */
  readonly symbols: readonly InstrumentSymbol[];
  readonly boards: readonly Board[];
  /** Names of indexes as the broker spells them, such as `VNINDEX` and `HNX`. */
  readonly indexes: readonly string[];
  /** Product groups whose sessions are followed, such as `STO`. */
  readonly productGroups: readonly string[];
  readonly tickChannel: "tick" | "tick_extra";
  readonly encoding: "json" | "msgpack";
  /** The last part of a channel's name. */
  readonly channelSuffix: string;
  readonly dateHeader: "Date" | "X-Aux-Date";
  readonly dateZone: "+0000" | "GMT";
  readonly apiVersion: string;
  /** How past trades write their times when they name no zone; `auto` goes by `apiVersion`. */
  readonly tradesTimeZone: "auto" | "utc" | "ict";
  readonly units: DnseUnits;
  readonly recordFile: string | undefined;
}

/** The broker's former service: MQTT, with a token from a login. */
export interface LightSpeedSettings {
  readonly mqttUrl: string;
  readonly restUrl: string;
  readonly username: string;
  readonly password: string;
  readonly symbols: readonly InstrumentSymbol[];
  readonly indexes: readonly string[];
  /** Topic of an index, `{name}` in the place of its name. */
  readonly indexTopic: string;
  readonly mqttVersion: 4 | 5;
  readonly qos: 0 | 1 | 2;
  readonly units: DnseUnits;
  readonly recordFile: string | undefined;
}

export interface ReplaySettings {
  /** A recording of frames, or a file of ticks; `undefined` replays what is stored. */
  readonly file: string | undefined;
  /** Market seconds per second; `max` is as fast as possible. */
  readonly speed: number | "max";
  /** For recordings of DNSE's frames. */
  readonly units: DnseUnits;
}

/** The chosen feed and what it needs; `kind` is `FEED`. */
export type FeedsSettings =
  | { readonly kind: "dnse"; readonly dnse: DnseOpenApiSettings }
  | { readonly kind: "dnse-mqtt"; readonly lightSpeed: LightSpeedSettings }
  | { readonly kind: "replay"; readonly replay: ReplaySettings }
  | { readonly kind: "simulated" }
  | { readonly kind: "off" };

const blankIsUnset = (value: unknown) => (typeof value === "string" && value.trim() === "" ? undefined : value);
const optionalText = z.preprocess(blankIsUnset, z.string().trim().optional());

function oneOf<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z.enum(choices, `accepted: ${choices.join(", ")}`);
}

function withDefault<Schema extends z.ZodType>(schema: Schema, value: z.input<Schema>) {
  return z.preprocess((given) => blankIsUnset(given) ?? value, schema);
}

function address(protocols: readonly string[]) {
  const accepted = `accepted: an address that begins with ${protocols.map((name) => `${name}://`).join(" or ")}`;
  return z
    .string()
    .trim()
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && url.hostname !== "" && protocols.includes(url.protocol.slice(0, -1));
    }, accepted);
}

function listOf<Output>(item: z.ZodType<Output, string>) {
  return z
    .string()
    .transform((text) => text.split(/[\s,;]+/).filter((part) => part !== ""))
    .pipe(z.array(item));
}

const upperCase = z.string().transform((text) => text.toUpperCase());
const symbolText = upperCase.pipe(
  z.string().regex(SYMBOL_PATTERN, "accepted: symbols of A-Z 0-9 . - _ ^ =, separated by commas"),
);
const nameText = upperCase.pipe(z.string().regex(/^[A-Z0-9_]{1,32}$/, "accepted: names of A-Z 0-9 _, in a list"));
const boardText = upperCase.pipe(oneOf(BOARDS));
const factorAccepted = "accepted: a number above 0";
const factor = z.coerce.number(factorAccepted).positive(factorAccepted).finite(factorAccepted);

const feedsEnvironment = z.object({
  FEED: withDefault(oneOf(FEED_CHOICES), "off"),
  DNSE_WS_URL: withDefault(address(["wss", "ws"]), "wss://ws-openapi.dnse.com.vn"),
  DNSE_REST_URL: z.preprocess(blankIsUnset, address(["https", "http"]).optional()),
  DNSE_MQTT_URL: withDefault(address(["wss", "ws", "mqtts", "mqtt"]), "wss://datafeed-lts-krx.dnse.com.vn:443/wss"),
  DNSE_API_KEY: optionalText,
  DNSE_API_SECRET: optionalText,
  DNSE_USERNAME: optionalText,
  DNSE_PASSWORD: z.preprocess((value) => (value === "" ? undefined : value), z.string().optional()),
  DNSE_SYMBOLS: withDefault(listOf(symbolText), ""),
  DNSE_BOARDS: withDefault(listOf(boardText), "G1,G3,G4,T1,T3,T4,T6"),
  DNSE_INDEXES: withDefault(listOf(nameText), "VNINDEX,VN30,HNX,HNX30,UPCOM"),
  DNSE_PRODUCT_GROUPS: withDefault(listOf(nameText), "STO,STX,UPX,FIO"),
  DNSE_TICK_CHANNEL: withDefault(oneOf(["tick", "tick_extra"]), "tick"),
  DNSE_ENCODING: withDefault(oneOf(["json", "msgpack"]), "json"),
  DNSE_CHANNEL_SUFFIX: z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^[a-z0-9]{1,16}$/, "accepted: letters and digits, such as json")
      .optional(),
  ),
  DNSE_DATE_HEADER: withDefault(oneOf(["Date", "X-Aux-Date"]), "Date"),
  DNSE_DATE_ZONE: withDefault(oneOf(["+0000", "GMT"]), "+0000"),
  DNSE_API_VERSION: withDefault(
    z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "accepted: a version as YYYY-MM-DD"),
    "2026-05-07",
  ),
  DNSE_TRADES_TIME_ZONE: withDefault(oneOf(["auto", "utc", "ict"]), "auto"),
  DNSE_TICK_FACTOR: withDefault(factor, "10"),
  DNSE_BOOK_FACTOR: withDefault(factor, "10"),
  DNSE_TENS_BOARDS: withDefault(listOf(boardText), "G1"),
  DNSE_INDEX_TOPIC: withDefault(
    z.string().regex(/^[^#+]*\{name\}[^#+]*$/, "accepted: a topic with {name} in the place of the index"),
    "plaintext/quotes/krx/mdds/index/{name}",
  ),
  DNSE_MQTT_VERSION: withDefault(oneOf(["5", "4"]), "5"),
  DNSE_MQTT_QOS: withDefault(oneOf(["0", "1", "2"]), "1"),
  FEED_REPLAY_FILE: optionalText,
  FEED_REPLAY_SPEED: withDefault(z.union([z.literal("max"), factor], "accepted: a number above 0, or max"), "1"),
  FEED_RECORD_FILE: optionalText,
});

type FeedsEnvironment = z.infer<typeof feedsEnvironment>;

/**
 * The feed that `FEED` chooses and what it needs from the other variables of `.env.example`; those of feeds that are
 * not chosen are checked but not required.
 * @throws CONFIGURATION_INVALID naming the variable
 */
export function readFeedsSettings(environment: Environment): FeedsSettings {
  const parsed = feedsEnvironment.safeParse(environment);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue!.path[0]);
    throw new WorkbenchError(
      "CONFIGURATION_INVALID",
      `invalid ${name}: ${JSON.stringify(environment[name] ?? "")} (${issue!.message})`,
      { details: { name } },
    );
  }
  const values = parsed.data;
  switch (values.FEED) {
    case "dnse":
      return { kind: "dnse", dnse: openApiSettings(values) };
    case "dnse-mqtt":
      return { kind: "dnse-mqtt", lightSpeed: lightSpeedSettings(values) };
    case "replay":
      return {
        kind: "replay",
        replay: { file: values.FEED_REPLAY_FILE, speed: values.FEED_REPLAY_SPEED, units: unitsOf(values) },
      };
    case "simulated":
    case "off":
      return { kind: values.FEED };
  }
}

function openApiSettings(values: FeedsEnvironment): DnseOpenApiSettings {
  return {
    wsUrl: values.DNSE_WS_URL,
    restUrl: values.DNSE_REST_URL ?? "https://openapi.dnse.com.vn",
    apiKey: required(values, "DNSE_API_KEY"),
    apiSecret: required(values, "DNSE_API_SECRET"),
    symbols: distinctSymbols(values.DNSE_SYMBOLS),
    boards: [...new Set(values.DNSE_BOARDS)],
    indexes: [...new Set(values.DNSE_INDEXES)],
    productGroups: [...new Set(values.DNSE_PRODUCT_GROUPS)],
    tickChannel: values.DNSE_TICK_CHANNEL,
    encoding: values.DNSE_ENCODING,
    channelSuffix: values.DNSE_CHANNEL_SUFFIX ?? values.DNSE_ENCODING,
    dateHeader: values.DNSE_DATE_HEADER,
    dateZone: values.DNSE_DATE_ZONE,
    apiVersion: values.DNSE_API_VERSION,
    tradesTimeZone: values.DNSE_TRADES_TIME_ZONE,
    units: unitsOf(values),
    recordFile: values.FEED_RECORD_FILE,
  };
}

function lightSpeedSettings(values: FeedsEnvironment): LightSpeedSettings {
  return {
    mqttUrl: values.DNSE_MQTT_URL,
    restUrl: values.DNSE_REST_URL ?? "https://api.dnse.com.vn",
    username: required(values, "DNSE_USERNAME"),
    password: required(values, "DNSE_PASSWORD"),
    symbols: distinctSymbols(values.DNSE_SYMBOLS),
    indexes: [...new Set(values.DNSE_INDEXES)],
    indexTopic: values.DNSE_INDEX_TOPIC,
    mqttVersion: values.DNSE_MQTT_VERSION === "4" ? 4 : 5,
    qos: Number(values.DNSE_MQTT_QOS) as 0 | 1 | 2,
    units: unitsOf(values),
    recordFile: values.FEED_RECORD_FILE,
  };
}

function unitsOf(values: FeedsEnvironment): DnseUnits {
  return {
    tickFactor: values.DNSE_TICK_FACTOR,
    bookFactor: values.DNSE_BOOK_FACTOR,
    tensBoards: new Set(values.DNSE_TENS_BOARDS),
  };
}

function distinctSymbols(symbols: readonly string[]): InstrumentSymbol[] {
  return [...new Set(symbols)] as InstrumentSymbol[];
}

function required(
  values: FeedsEnvironment,
  name: "DNSE_API_KEY" | "DNSE_API_SECRET" | "DNSE_USERNAME" | "DNSE_PASSWORD",
): string {
  const value = values[name];
  if (value !== undefined) return value;
  throw new WorkbenchError(
    "CONFIGURATION_INVALID",
    `missing ${name}: FEED is ${values.FEED} (accepted: what the broker gave you)`,
    { details: { name } },
  );
}
