import type { JobsAnswer } from "../../contracts/jobs-api.js";
import type { Control } from "../controls/address-state.js";
import { element } from "../element.js";
import { emptyState, errorState, loadingState } from "../frame/state-block.js";
import { findCompanion } from "../live/companion.js";
import { morph } from "../live/morph.js";
import { WorkflowRequestError } from "../workflow/workflow-client.js";
import { queueWords, type StateFilter } from "./job-words.js";
import { jobsClient } from "./jobs-client.js";
import { type JobAction, jobsTable } from "./jobs-table.js";

const POLL_MS = 1_000;
const START_COMMAND = "npm start";

/** The queue of the workbench that serves the page, asked once a second while the page is in sight. */
export function jobsPage({ filter, until }: { filter: Control<StateFilter>; until: Promise<unknown> }): HTMLElement {
  const lede = element("p", { class: "jobs-counts", "aria-live": "polite" }, " ");
  const notice = element("p", { class: "jobs-notice", role: "status" });
  const place = element("div", {}, loadingState("the queue", 240));
  const busy = new Set<string>();
  const ending = new AbortController();
  let shown: JobsAnswer | undefined;
  until.then(() => ending.abort());

  place.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("button[data-action]");
    if (button) act(button.dataset.action as JobAction, button.dataset.run ?? "");
  });
  filter.addEventListener("input", () => void look());
  begin();
  return element(
    "section",
    { class: "figure jobs" },
    element("div", { class: "jobs-head" }, filter, lede),
    notice,
    place,
  );

  async function begin(): Promise<void> {
    if ((await findCompanion()) === "file-host") {
      filter.hidden = true;
      show(
        emptyState({
          title: "These pages are served without a workbench",
          reason:
            "The queue lives in a running workbench: start one, and this page shows what waits and what is at work.",
          commands: [START_COMMAND],
        }),
      );
      return;
    }
    while (!ending.signal.aborted) {
      if (document.visibilityState === "visible") await look();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async function look(): Promise<void> {
    const asked = filter.value;
    try {
      const answer = await jobsClient.list(asked, ending.signal);
      if (asked !== filter.value) return;
      shown = answer;
      draw();
    } catch (error) {
      if (!ending.signal.aborted) fail(error);
    }
  }

  function draw(): void {
    if (!shown) return;
    const { jobs, counts } = shown;
    lede.textContent = queueWords(counts);
    if (jobs.length > 0) show(jobsTable(jobs, busy, Date.now()));
    else {
      const isFiltered = filter.value !== "all";
      show(
        emptyState({
          title: isFiltered ? "No run is in this state" : "Nothing waits and nothing is at work",
          reason: isFiltered
            ? queueWords(counts)
            : "Runs stand here from their trigger to their end. Start a workflow by hand, or activate one with a schedule.",
          commands: [],
        }),
      );
    }
  }

  function fail(error: unknown): void {
    const { code, message } =
      error instanceof WorkflowRequestError ? error : { code: "UNKNOWN", message: String(error) };
    lede.textContent = shown ? `${queueWords(shown.counts)}, before the workbench stopped to answer` : " ";
    show(
      errorState({
        title: "The queue cannot be seen",
        kept: message,
        action: "Runs at work go on, and what waits is kept. The page asks again every second.",
        code,
      }),
    );
  }

  async function act(action: JobAction, id: string): Promise<void> {
    if (busy.has(id)) return;
    busy.add(id);
    draw();
    try {
      if (action === "retry") {
        const { outcome, runId } = await jobsClient.retry(id);
        say(outcome === "hurried" ? "The next attempt begins now." : `Repeated as run ${runId.slice(0, 8)}.`);
      } else {
        const { status } = await jobsClient.cancel(id);
        say(status === "running" ? "The worker was told to end the run." : `The run is ${status}.`);
      }
    } catch (error) {
      const { code, message } = error as WorkflowRequestError;
      say(`${message} (${code})`);
    } finally {
      busy.delete(id);
      await look();
    }
  }

  function say(text: string): void {
    notice.textContent = text;
  }

  function show(next: HTMLElement): void {
    const present = place.firstElementChild;
    if (present && present.className === next.className) morph(present, next);
    else place.replaceChildren(next);
  }
}
