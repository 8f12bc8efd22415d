// SPDX-License-Identifier: MIT
//
// @auth0/auth0-auth-js: discovery and tokens, by secret and by a signed assertion.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

import { AuthClient } from "@auth0/auth0-auth-js";

const domain = new URL(process.env.TWINLOCK_URL).host;
const audience = `https://${domain}/api/v2/`;

async function statusOf(token) {
  const answer = await fetch(`${process.env.TWINLOCK_URL}/api/v2/guardian/factors`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status;
}

test("O09: the server describes itself", async () => {
  const client = new AuthClient({ domain, clientId: process.env.TWINLOCK_CLIENT_ID, clientSecret: "unused" });
  const metadata = await client.getServerMetadata();
  assert.equal(metadata.issuer, `https://${domain}/`);
  assert.equal(metadata.token_endpoint, `https://${domain}/oauth/token`);
});

test("O02: a token by client_id and client_secret", async () => {
  const client = new AuthClient({
    domain,
    clientId: process.env.TWINLOCK_CLIENT_ID,
    clientSecret: process.env.TWINLOCK_CLIENT_SECRET,
  });
  const token = await client.getTokenByClientCredentials({ audience });
  assert.ok(token.expiresAt > Date.now() / 1000);
  assert.equal(await statusOf(token.accessToken), 200);
});

test("O02: a wrong secret gets none", async () => {
  const client = new AuthClient({ domain, clientId: process.env.TWINLOCK_CLIENT_ID, clientSecret: "wrong" });
  await assert.rejects(client.getTokenByClientCredentials({ audience }),
    (failure) => failure.cause.error === "invalid_client");
});

test("O02: a token by private_key_jwt", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync("client.pem", publicKey.export({ type: "spki", format: "pem" }));
  const made = JSON.parse(execFileSync("twinlock", ["admin", "client", "create", "signer", "--json", "--scope",
    "read:guardian_factors", "--public-key", "client.pem"]));
  const client = new AuthClient({
    domain,
    clientId: made.client_id,
    clientAssertionSigningKey: privateKey.export({ type: "pkcs8", format: "pem" }),
    clientAssertionSigningAlg: "RS256",
  });
  const token = await client.getTokenByClientCredentials({ audience });
  assert.equal(await statusOf(token.accessToken), 200);
});
