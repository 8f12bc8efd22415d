// SPDX-License-Identifier: MIT
//
// The package "auth0" 7, unmodified, against a daemon of ours over TLS.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ManagementClient } from "auth0";

const domain = new URL(process.env.TWINLOCK_URL).host;
const api = new ManagementClient({
  domain,
  clientId: process.env.TWINLOCK_CLIENT_ID,
  clientSecret: process.env.TWINLOCK_CLIENT_SECRET,
});

const person = () => ({
  connection: "Username-Password-Authentication",
  email: `person-${crypto.randomUUID()}@example.com`,
  password: "a long enough password",
});

test("G01 and G03: factors", async () => {
  const names = (await api.guardian.factors.list()).map((factor) => factor.name);
  assert.equal(names.length, 8);
  const set = await api.guardian.factors.set("sms", { enabled: true });
  assert.equal(set.enabled, true);
  const sms = (await api.guardian.factors.list()).find((factor) => factor.name === "sms");
  assert.equal(sms.enabled, true);
});

test("G04 and G05: policies", async () => {
  assert.deepEqual(await api.guardian.policies.set(["all-applications"]), ["all-applications"]);
  assert.deepEqual(await api.guardian.policies.list(), ["all-applications"]);
});

test("G09 to G26: phones and messages", async () => {
  const { phone, sms, email } = api.guardian.factors;
  await phone.setMessageTypes({ message_types: ["sms", "voice"] });
  assert.deepEqual((await phone.getMessageTypes()).message_types, ["sms", "voice"]);
  await phone.setProvider({ provider: "twilio" });
  assert.equal((await sms.getSelectedProvider()).provider, "twilio");
  await sms.setTwilioProvider({ sid: "AC1", auth_token: "secret", from: "+15551234567" });
  const twilio = await phone.getTwilioProvider();
  assert.equal(twilio.sid, "AC1");
  assert.equal(twilio.auth_token, "********");
  const templates = { enrollment_message: "{{code}}!", verification_message: "{{code}}?" };
  await phone.setTemplates(templates);
  assert.deepEqual(await sms.getTemplates(), templates);
  await email.set({ otp_length: 6, otp_expiration_time: 300 });
  assert.equal((await email.get()).otp_length, 6);
});

test("G27 to G36: push notifications", async () => {
  const push = api.guardian.factors.pushNotification;
  await push.setProvider({ provider: "guardian" });
  assert.equal((await push.getSelectedProvider()).provider, "guardian");
  await push.setSnsProvider({ aws_access_key_id: "AK", aws_secret_access_key: "secret", aws_region: "eu-west-1" });
  assert.equal((await push.getSnsProvider()).aws_access_key_id, "AK");
  await push.setFcmProvider({ server_key: "key" });
});

test("U01 to U06: users", async () => {
  const wanted = person();
  const user = await api.users.create(wanted);
  assert.match(user.user_id, /^auth0\|[0-9a-f]{24}$/);
  assert.equal((await api.users.get(user.user_id)).email, wanted.email);
  assert.equal((await api.users.update(user.user_id, { nickname: "Al" })).nickname, "Al");
  assert.equal((await api.users.listUsersByEmail({ email: wanted.email })).length, 1);
  const found = [];
  for await (const one of await api.users.list({ q: `email:"${wanted.email}"` })) found.push(one.user_id);
  assert.deepEqual(found, [user.user_id]);
  await api.users.delete(user.user_id);
  await api.users.delete(user.user_id);
  await assert.rejects(api.users.get(user.user_id), (error) => error.statusCode === 404);
});

test("U07 to U18: authentication methods", async () => {
  const { user_id } = await api.users.create(person());
  const methods = api.users.authenticationMethods;
  const totp = await methods.create(user_id, { type: "totp", name: "App", totp_secret: "JBSWY3DPEHPK3PXP" });
  const phone = await methods.create(user_id, { type: "phone", phone_number: "+15551234567" });
  const listed = [];
  for await (const one of await methods.list(user_id)) listed.push(one.type);
  assert.deepEqual(listed, ["totp", "phone"]);
  assert.equal((await methods.get(user_id, totp.id)).name, "App");
  await methods.update(user_id, phone.id, { preferred_authentication_method: "voice" });
  await methods.delete(user_id, phone.id);
  const set = await methods.set(user_id, [{ type: "email", email: "foo@example.com" }]);
  assert.equal(set[0].email, "foo@example.com");
  assert.match((await api.users.regenerateRecoveryCode(user_id)).recovery_code, /^[A-Z0-9]{24}$/);
  assert.deepEqual(await api.users.enrollments.get(user_id), []);
  await api.users.multifactor.deleteProvider(user_id, "google-authenticator");
  await api.users.multifactor.invalidateRememberBrowser(user_id);
  await methods.deleteAll(user_id);
  await api.users.authenticators.deleteAll(user_id);
  await api.users.delete(user_id);
});

test("G46 to G48: tickets and enrollments", async () => {
  await api.guardian.factors.set("otp", { enabled: true });
  const { user_id } = await api.users.create(person());
  const ticket = await api.guardian.enrollments.createTicket({ user_id });
  assert.ok(ticket.ticket_url.includes(ticket.ticket_id));
  const method = await api.users.authenticationMethods.create(user_id, {
    type: "totp",
    totp_secret: "JBSWY3DPEHPK3PXP",
  });
  const enrollment = await api.guardian.enrollments.get(method.id);
  assert.equal(enrollment.status, "confirmed");
  await api.guardian.enrollments.delete(enrollment.id);
  await assert.rejects(api.guardian.enrollments.get(enrollment.id), (error) => error.statusCode === 404);
  await api.users.delete(user_id);
});

test("A01 to A15: logs, tenant and the rest", async () => {
  const logs = await api.logs.list({ q: 'type:"sapi"', per_page: 5 });
  assert.ok(logs.data.length > 0);
  assert.equal((await api.logs.get(logs.data[0].log_id)).type, "sapi");
  await api.tenants.settings.update({ friendly_name: "Example Ltd" });
  assert.equal((await api.tenants.settings.get()).friendly_name, "Example Ltd");
  assert.equal(typeof (await api.stats.getActiveUsersCount()), "number");
  assert.ok(Array.isArray(await api.stats.getDaily()));
  assert.deepEqual((await api.userBlocks.listByIdentifier({ identifier: "nobody" })).blocked_for, []);
  assert.equal((await api.riskAssessments.settings.get()).enabled, false);
});
