import type { JobCancelAnswer, JobRetryAnswer, JobsAnswer, RunJobMessage } from "../../contracts/jobs-api.js";
import { ask } from "../workflow/workflow-client.js";

export type JobState = RunJobMessage["state"];

/** The job routes of the workbench that serves this page; docs/jobs.md describes them. */
export const jobsClient = {
  list: (state: JobState | "all", signal: AbortSignal) =>
    ask<JobsAnswer>(`/api/jobs${state === "all" ? "" : `?state=${state}`}`, { signal }),
  retry: (id: string) => ask<JobRetryAnswer>(`/api/jobs/${id}/retry`, { method: "POST", body: {} }),
  cancel: (id: string) => ask<JobCancelAnswer>(`/api/jobs/${id}/cancel`, { method: "POST", body: {} }),
};
