import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { installedPackage } from "./installed-packages.js";
import { parsePackageSpecifier } from "./package-specifier.js";
import { isRelativeAddress, resolveInSite } from "./site-files.js";
import type { SiteReference } from "./site-references.js";

const PACKAGES = "_npm/";

/**
 * Copies the fonts and images that a package's style sheet names with `url(…)`: Framework copies the sheet alone.
 * A file that the package does not have is left for the check to report.
 */
export async function addStyleAssets(
  projectRoot: string,
  siteFolder: string,
  references: readonly SiteReference[],
): Promise<void> {
  for (const { file, kind, target } of references) {
    if (kind !== "style" || !file.startsWith(PACKAGES) || !isRelativeAddress(target)) continue;
    const asset = resolveInSite(file, target);
    const destination = join(siteFolder, asset);
    if (!asset.startsWith(PACKAGES) || existsSync(destination)) continue;
    const { name, version, subpath } = parsePackageSpecifier(asset.slice(PACKAGES.length));
    const source = join(installedPackage(projectRoot, name, version).folder, subpath);
    if (!existsSync(source)) continue;
    await mkdir(dirname(destination), { recursive: true });
    await copyFile(source, destination);
  }
}
