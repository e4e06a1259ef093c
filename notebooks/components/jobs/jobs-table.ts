import type { RunJobMessage } from "../../contracts/jobs-api.js";
import { element } from "../element.js";
import { formatInstant, formatTime } from "../format/time-format.js";
import { STATE_WORDS, whenWords } from "./job-words.js";

export type JobAction = "retry" | "cancel";

/** One row per run; a button says in `data-action` and `data-run` what it is for. */
export function jobsTable(jobs: readonly RunJobMessage[], busy: ReadonlySet<string>, nowMs: number): HTMLElement {
  return element(
    "div",
    { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Runs in the queue" },
    element(
      "table",
      { class: "jobs-table" },
      element("caption", { class: "visually-hidden" }, "Runs in the queue, the latest first"),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ["Workflow", "State", "When", "Nodes", "Failed", "What failed", "Queued", ""].map((label) =>
            element("th", { scope: "col" }, label || element("span", { class: "visually-hidden" }, "Actions")),
          ),
        ),
      ),
      element(
        "tbody",
        {},
        jobs.map((job) => row(job, busy.has(job.id), nowMs)),
      ),
    ),
  );
}

function row(job: RunJobMessage, isBusy: boolean, nowMs: number): HTMLElement {
  const { id, state, workflowId, workflowName, trigger, progress, failedAttempts, failure, queuedAtMs } = job;
  const { mark, word, badge } = STATE_WORDS[state];
  const name = workflowName || workflowId.slice(0, 8);
  const button = (action: JobAction, label: string, isShown: boolean) =>
    isShown &&
    element(
      "button",
      {
        type: "button",
        class: "button",
        "data-action": action,
        "data-run": id,
        "aria-label": `${label}: ${name}, run ${id.slice(0, 8)}`,
        "aria-disabled": isBusy && "true",
      },
      label,
    );
  const canRetry = state === "retrying" || state === "dead";
  return element(
    "tr",
    {},
    element(
      "td",
      {},
      element("a", { href: `./workflows?workflow=${workflowId}&run=${id}`, title: `run ${id}` }, name),
      trigger && element("span", { class: "muted" }, ` ${trigger}`),
    ),
    element("td", {}, element("span", { class: `badge badge-${badge}` }, `${mark} ${word}`)),
    element("td", { class: "number" }, whenWords(job, nowMs)),
    element(
      "td",
      { class: "jobs-progress" },
      element("progress", { max: Math.max(1, progress.nodes), value: progress.done, "aria-label": `nodes of ${name}` }),
      ` ${progress.done}/${progress.nodes}`,
    ),
    element("td", { class: "number" }, failedAttempts),
    element("td", { class: "jobs-failure", title: failure ?? "" }, failure ?? ""),
    element("td", { class: "number", title: formatInstant(queuedAtMs) }, formatTime(queuedAtMs)),
    element(
      "td",
      { class: "jobs-actions" },
      button("retry", state === "dead" ? "Repeat" : "Try now", canRetry),
      button("cancel", state === "dead" ? "Forget" : "Cancel", true),
    ),
  );
}
