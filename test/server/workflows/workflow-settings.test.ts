import { describe, expect, it } from "vitest";
import { WORKFLOW_PERMISSIONS } from "../../../src/engine/workflow/node-type.js";
import { permissionsOf, readWorkflowPermissions } from "../../../src/server/workflows/workflow-settings.js";

describe("readWorkflowPermissions(environment)", () => {
  it.each([
    [undefined, WORKFLOW_PERMISSIONS],
    ["", WORKFLOW_PERMISSIONS],
    ["none", []],
    ["files:read", ["files:read"]],
    [" files:read , orders:write", ["files:read", "orders:write"]],
  ])("of %j are %j", (WORKFLOW_PERMISSIONS, permissions) => {
    expect([...readWorkflowPermissions({ WORKFLOW_PERMISSIONS })]).toEqual([...permissions]);
  });

  it.each(["orders", "files:read,", "files:read none", "all"])("refuses %j, and says what it takes", (text) => {
    expect(() => readWorkflowPermissions({ WORKFLOW_PERMISSIONS: text })).toThrow(
      expect.objectContaining({
        code: "CONFIGURATION_INVALID",
        message: expect.stringContaining("accepted: none, or any of http:request, files:read"),
      }),
    );
  });
});

describe("permissionsOf(environment)", () => {
  it("asks anew for every step", () => {
    const environment: Record<string, string> = {};
    const permissions = permissionsOf(environment);
    expect(permissions.mayUse("local", "orders:write")).toBe(true);
    environment.WORKFLOW_PERMISSIONS = "files:read";
    expect(permissions.mayUse("local", "orders:write")).toBe(false);
    expect(permissions.mayUse("local", "files:read")).toBe(true);
  });
});
