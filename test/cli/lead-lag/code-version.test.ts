import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readCodeVersion } from "../../../src/cli/lead-lag/code-version.js";
import { TemporaryFolder } from "../../support/temporary-home.js";

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

const git = (...words: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...words], {
    cwd: folder.path,
    encoding: "utf8",
  }).trim();
const version = (projectRoot = folder.path) => readCodeVersion({ version: "1.2.3", projectRoot });

describe("readCodeVersion({version, projectRoot})", () => {
  it("is the version alone where there is no git checkout", async () => {
    expect(await version()).toBe("1.2.3");
  });

  it("adds the commit, and a digest of changes to the sources", async () => {
    git("init", "--quiet");
    mkdirSync(join(folder.path, "src"));
    folder.file("src/a.ts", "1");
    folder.file("README.md", "1");
    git("add", ".");
    git("commit", "--quiet", "--message", "first");
    const clean = `1.2.3+${git("rev-parse", "--short=12", "HEAD")}`;
    expect(await version()).toBe(clean);

    folder.file("README.md", "2");
    expect(await version()).toBe(clean);

    folder.file("src/a.ts", "2");
    const changed = await version();
    expect(changed).toMatch(new RegExp(`^${clean.replaceAll(/[.+]/g, "\\$&")}\\.changed-[0-9a-f]{8}$`));
    folder.file("src/a.ts", "3");
    expect(await version()).not.toBe(changed);
  });

  it("takes no commit of a repository around the project", async () => {
    const inner = join(folder.path, "inner");
    mkdirSync(inner);
    expect(await version(inner)).toBe("1.2.3");
  });
});
