import type { WorkflowDefinition } from "../workflow-definition.js";
import { BREAKOUT_TRAILING_STOP } from "./breakout-trailing-stop.js";
import { IRON_ORE_LEADS_HOA_PHAT } from "./iron-ore-leads-hoa-phat.js";
import { MONTHLY_RISK_PARITY } from "./monthly-risk-parity.js";
import { MOVING_AVERAGE_CROSS } from "./moving-average-cross.js";
import { NEWS_SENTIMENT_ALERT } from "./news-sentiment-alert.js";
import { RSI_MEAN_REVERSION } from "./rsi-mean-reversion.js";

/** Workflows to begin with, by a name for addresses and files; each runs on the demo market. */
export const EXAMPLE_WORKFLOWS: Readonly<Record<string, WorkflowDefinition>> = {
  "moving-average-cross": MOVING_AVERAGE_CROSS,
  "rsi-mean-reversion": RSI_MEAN_REVERSION,
  "iron-ore-leads-hoa-phat": IRON_ORE_LEADS_HOA_PHAT,
  "breakout-trailing-stop": BREAKOUT_TRAILING_STOP,
  "monthly-risk-parity": MONTHLY_RISK_PARITY,
  "news-sentiment-alert": NEWS_SENTIMENT_ALERT,
};
