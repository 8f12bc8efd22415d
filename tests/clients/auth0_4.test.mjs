// SPDX-License-Identifier: MIT
//
// The package "auth0" 4, whose shapes are older, against a daemon of ours over TLS.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ManagementClient } from "auth0-4";

const api = new ManagementClient({
  domain: new URL(process.env.TWINLOCK_URL).host,
  clientId: process.env.TWINLOCK_CLIENT_ID,
  clientSecret: process.env.TWINLOCK_CLIENT_SECRET,
});

test("G01 to G05: factors and policies", async () => {
  assert.equal((await api.guardian.getFactors()).data.length, 8);
  const set = await api.guardian.updateFactor({ name: "email" }, { enabled: true });
  assert.equal(set.data.enabled, true);
  assert.deepEqual((await api.guardian.updatePolicies(["all-applications"])).data, ["all-applications"]);
});

test("G18 and G23: what is called sms there", async () => {
  const templates = { enrollment_message: "Your code: {{code}}", verification_message: "Code: {{code}}" };
  assert.deepEqual((await api.guardian.setSmsFactorTemplates(templates)).data, templates);
  assert.deepEqual((await api.guardian.getPhoneFactorTemplates()).data, templates);
  assert.deepEqual((await api.guardian.setSmsSelectedProvider({ provider: "twilio" })).data, { provider: "twilio" });
});

test("G46 to G48: tickets and enrollments", async () => {
  await api.guardian.updateFactor({ name: "otp" }, { enabled: true });
  const { data: ticket } = await api.guardian.createEnrollmentTicket({ user_id: process.env.TWINLOCK_USER_ID });
  assert.match(ticket.ticket_url, /^https:.*\?ticket=/);
  await assert.rejects(api.guardian.getGuardianEnrollment({ id: "01JQAAAAAAAAAAAAAAAAAAAAAA" }),
    (failure) => failure.statusCode === 404);
});

test("U01 to U10: users and their methods", async () => {
  const email = `person-${crypto.randomUUID()}@example.com`;
  const { data: user } = await api.users.create({
    connection: "Username-Password-Authentication",
    email,
    password: "a long enough password",
  });
  const id = user.user_id;
  await api.users.createAuthenticationMethod({ id }, { type: "email", name: "Mail", email: "a@example.com" });
  const methods = await api.users.getAuthenticationMethods({ id, include_totals: true });
  assert.equal(methods.data.total, 1);
  assert.equal(methods.data.authenticators[0].email, "a@example.com");
  await api.users.deleteAuthenticationMethods({ id });
  assert.equal((await api.usersByEmail.getByEmail({ email })).data.length, 1);
  await api.users.delete({ id });
});

test("A01: logs", async () => {
  const logs = await api.logs.getAll({ include_totals: true, per_page: 3 });
  assert.equal(logs.data.logs.length, 3);
});
