import { join } from "node:path";
import { THEME_BOOT_SCRIPT } from "./notebooks/components/look/theme-boot.js";
import { readSiteSymbols, symbolPagePath } from "./src/site/site-symbols.js";

const CANDLE_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M5 1v14M11 3v11" stroke="#888"/>' +
  '<path d="M3 5h4v7H3z" fill="#26a69a"/><path d="M9 4h4v6H9z" fill="#ef5350"/></svg>';

export default {
  root: join(import.meta.dirname, "notebooks"),
  title: "QuantFlow Workbench",
  pages: [
    {
      name: "Market",
      pages: [
        { name: "Overview", path: "/index" },
        { name: "Heatmap", path: "/heatmap" },
        { name: "Live", path: "/live" },
        { name: "Explore", path: "/explore" },
      ],
    },
    {
      name: "Research",
      pages: [
        { name: "Lead-lag", path: "/lead-lag" },
        { name: "Screen", path: "/screen" },
        { name: "Methods", path: "/methods" },
        { name: "Value chain", path: "/value-chain" },
      ],
    },
    {
      name: "Studies",
      pages: [
        { name: "Iron ore and HPG", path: "/studies/iron-ore-hpg" },
        { name: "Oil and gas", path: "/studies/oil-and-gas" },
      ],
    },
    { name: "Strategies", pages: [{ name: "Workflows", path: "/workflows" }] },
    { name: "Data", pages: [{ name: "Data quality", path: "/data-quality" }] },
    { name: "Operate", pages: [{ name: "Jobs", path: "/jobs" }] },
  ],
  dynamicPaths: function* () {
    for (const symbol of readSiteSymbols(process.env)) yield symbolPagePath(symbol);
  },
  style: "style.css",
  head: [
    `<script>${THEME_BOOT_SCRIPT}</script>`,
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(CANDLE_ICON)}">`,
    '<link rel="stylesheet" href="npm:@fontsource-variable/inter/wght.css">',
    '<link rel="stylesheet" href="npm:@fontsource-variable/jetbrains-mono/wght.css">',
  ].join("\n"),
  header: "",
  footer: "",
  pager: false,
  globalStylesheets: [],
  duckdb: { extensions: { json: null, parquet: null } },
  // A plain file host knows neither /heatmap for heatmap.html nor / for a page of its own.
  preserveExtension: true,
  preserveIndex: true,
};
