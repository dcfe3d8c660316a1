// Calls as a developer writes them with a client that is generated from the document. They are only
// type-checked: what a route demands, and what it may be sent, has to be what the document says.

import createClient from "openapi-fetch";

import type { components, paths } from "./generated/schema";

const client = createClient<paths>({
  baseUrl: "http://127.0.0.1:8080",
  headers: { Authorization: "Bearer fb_example" },
});
const store_id = "01900000-0000-7000-8000-000000000001";
const customer_id = "01900000-0000-7000-8000-000000000002";

export async function calls() {
  // One field suffices to create a customer; null clears a field of one.
  const created = await client.POST("/api/v1/stores/{store_id}/customers", {
    params: { path: { store_id }, header: { "Idempotency-Key": "order-1" } },
    body: { email: "ava@example.com" },
  });
  const customer: components["schemas"]["CustomerResponse"] | undefined = created.data;
  const problem: components["schemas"]["Problem"] | undefined = created.error;
  await client.PATCH("/api/v1/stores/{store_id}/customers/{customer_id}", {
    params: { path: { store_id, customer_id }, header: { "If-Match": '"v1"' } },
    body: { phone: null },
  });

  // Filters are optional, and several types mean any of them.
  const page = await client.GET("/api/v1/stores/{store_id}/fans", {
    params: { path: { store_id }, query: { type: ["lead", "user"], sort: "-score", limit: 10 } },
  });
  const names: (string | null | undefined)[] = page.data?.items.map((fan) => fan.name) ?? [];
  const next: string | null | undefined = page.data?.next_cursor;

  // Reports name what they are about, and no more.
  await client.POST("/api/v1/stores/{store_id}/enrollments", {
    params: { path: { store_id } },
    body: {
      reference: "enrolment-1",
      customer: { email: "ava@example.com" },
      course: { reference: "mixing" },
    },
  });
  await client.POST("/api/v1/stores/{store_id}/purchases", {
    params: { path: { store_id } },
    body: {
      reference: "order-1",
      customer: { email: "ava@example.com" },
      product: { reference: "drums", title: "Drum kit" },
      payment: { amount: 4900 },
    },
  });
  await client.PATCH("/api/v1/stores/{store_id}", {
    params: { path: { store_id }, header: { "If-Match": '"v1"' } },
    body: { idle_days: 90 },
  });
  await client.POST("/api/v1/auth/login", { body: { email: "ava@example.com", password: "a password" } });
  return { customer, problem, names, next };
}

export async function mistakes() {
  await client.POST("/api/v1/stores/{store_id}/customers", {
    params: { path: { store_id } },
    // @ts-expect-error a customer needs an e-mail address
    body: { first_name: "Ava" },
  });
  await client.POST("/api/v1/stores/{store_id}/refunds", {
    params: { path: { store_id } },
    // @ts-expect-error a refund needs an amount
    body: { reference: "refund-1", payment: "order-1" },
  });
  await client.GET("/api/v1/stores/{store_id}/fans", {
    // @ts-expect-error there is no such type
    params: { path: { store_id }, query: { type: ["king"] } },
  });
}
