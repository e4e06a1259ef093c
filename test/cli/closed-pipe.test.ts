import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("ends quietly when its reader closes the pipe, as head does", async () => {
  const program = fileURLToPath(new URL("../../bin/quantflow.js", import.meta.url));
  const child = spawn(process.execPath, [program, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const [exitCode] = await once(child, "close");
  expect({ exitCode, complaint }).toEqual({ exitCode: 0, complaint: "" });
});
