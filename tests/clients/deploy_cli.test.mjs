// SPDX-License-Identifier: MIT
//
// auth0-deploy-cli, unmodified: export, change, import, and export again, against a daemon of ours.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

const directory = mkdtempSync(join(tmpdir(), "twinlock-deploy-"));
after(() => rmSync(directory, { recursive: true }));

const RESOURCES = [
  "guardianFactors",
  "guardianFactorProviders",
  "guardianFactorTemplates",
  "guardianPolicies",
  "guardianPhoneFactorSelectedProvider",
  "guardianPhoneFactorMessageTypes",
];

function deploy(...words) {
  const manifest = createRequire(import.meta.url).resolve("auth0-deploy-cli/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  execFileSync(process.execPath, [join(dirname(manifest), bin.a0deploy), ...words], {
    env: {
      ...process.env,
      AUTH0_DOMAIN: new URL(process.env.TWINLOCK_URL).host,
      AUTH0_CLIENT_ID: process.env.TWINLOCK_CLIENT_ID,
      AUTH0_CLIENT_SECRET: process.env.TWINLOCK_CLIENT_SECRET,
      AUTH0_INCLUDED_ONLY: JSON.stringify(RESOURCES),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function exported(name) {
  const file = join(directory, name, "tenant.yaml");
  deploy("export", "--format", "yaml", "--output_folder", join(directory, name));
  return readFileSync(file, "utf8");
}

test("what is exported is imported, and exported the same", () => {
  const before = exported("before");
  assert.match(before, /guardianFactors:/);
  const changed = before
    .replace(/(- name: otp\n\s+enabled: )\w+/, "$1true")
    .replace(/guardianPolicies:[^]*?(?=\n\w)/, "guardianPolicies:\n  policies:\n    - all-applications");
  const file = join(directory, "before", "tenant.yaml");
  writeFileSync(file, changed);
  deploy("import", "--input_file", file);
  const after = exported("after");
  assert.match(after, /- name: otp\n\s+enabled: true/);
  assert.match(after, /all-applications/);
});
