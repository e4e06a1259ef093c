import { WorkbenchError } from "../../engine/errors.js";
import type { DatabaseSession } from "../../store/database.js";
import { readStudy, type StoredStudy } from "../../store/queries/studies.js";
import { parseInteger } from "../arguments.js";

export const parseStudyNumber = parseInteger({ min: 1, max: 2_147_483_647 });

/** A stored study or screen. @throws NOT_FOUND, STUDY_INVALID */
export async function requireStudy(session: DatabaseSession, id: number): Promise<StoredStudy> {
  const study = await readStudy(session, id);
  if (study !== undefined) return study;
  throw new WorkbenchError("NOT_FOUND", `no study has number ${id}: quantflow study lists them`, { details: { id } });
}
