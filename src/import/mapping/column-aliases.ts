import type { MappingField, MappingKind } from "./import-mapping.js";

/**
 * Headers under which a field is known, best first, in the form of `normalizedHeader`. Besides English they cover
 * MetaStock exports (`<DTYYYYMMDD>`) and Vietnamese vendors (`Ngày`, `Mã CK`, `Giá đóng cửa`).
 */
const TIME = [
  "time",
  "datetime",
  "timestamp",
  "tradingdate",
  "tradedate",
  "date",
  "dtyyyymmdd",
  "day",
  "opentime",
  "ngay",
  "thoigian",
];
const SYMBOL = ["symbol", "ticker", "code", "stockcode", "instrument", "mack", "macp", "machungkhoan", "ma"];

export const COLUMN_ALIASES: Readonly<Record<MappingKind, Readonly<Partial<Record<MappingField, readonly string[]>>>>> =
  {
    prices: {
      time: TIME,
      symbol: SYMBOL,
      open: ["open", "openprice", "o", "priceopen", "giamocua", "mocua"],
      high: ["high", "highprice", "highestprice", "h", "pricehigh", "giacaonhat", "caonhat"],
      low: ["low", "lowprice", "lowestprice", "l", "pricelow", "giathapnhat", "thapnhat"],
      close: ["close", "closeprice", "closingprice", "c", "last", "priceclose", "giadongcua", "dongcua"],
      volume: ["volume", "vol", "v", "totalvolume", "tradingvolume", "matchvolume", "khoiluong", "kl", "klgd"],
      name: ["name", "companyname", "instrumentname", "ten"],
    },
    instruments: {
      symbol: SYMBOL,
      name: ["name", "companyname", "company", "organname", "security", "tencongty", "ten"],
      exchange: ["exchange", "market", "board", "comgroupcode", "san"],
      sector: ["sector", "gicssector", "icbsector", "nganh"],
      industry: ["industry", "subindustry", "gicssubindustry", "icbindustry"],
      assetClass: ["assetclass", "type", "instrumenttype"],
      currency: ["currency", "ccy"],
      lotSize: ["lotsize", "lot", "roundlot"],
      marketCap: ["marketcap", "marketcapitalization", "marketcapitalisation", "mktcap", "vonhoa"],
      marketCapDate: ["marketcapdate", "marketcapasof"],
    },
    calendar: {
      date: ["date", "tradingdate", "day", "ngay"],
      exchange: ["exchange", "market", "san"],
      kind: ["kind", "status", "daytype", "type"],
      note: ["note", "holiday", "description", "name", "ghichu"],
    },
  };

/** A header in lower case without marks, spaces and signs: `<Mã CK>` → `mack`, `Market Cap` → `marketcap`. */
export function normalizedHeader(header: string): string {
  return header
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll("đ", "d")
    .replace(/[^a-z0-9]/g, "");
}
