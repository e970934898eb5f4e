// Keeps the last copy of each report that was opened, for a reload without a line. Pages come from
// the site as ever; only where it cannot be reached, the copy is shown, marked with its time.
//
// Copies lie in a cache named after their reader. frame.js drops those of everybody else with each
// page, and all of them at signing out or where nobody is signed in.
"use strict";

const HOURS = 12;
const MOST_COPIES = 30;
const MOST_PARTS = 200;
const REPORT = /^\/entry\/\d{4}-\d{2}\/[^/]+\/$/;
const READER = / data-kept="(counts:\d+:)/;
// Files with a digest in their name never change: what was fetched once stays right.
const PART = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const copies = async () => {
  const names = await caches.keys();
  return Promise.all(names.filter((name) => name.startsWith("entry:")).map((name) => caches.open(name)));
};
const forget = async (url) => Promise.all((await copies()).map((cache) => cache.delete(url)));

const keep = async (url, response) => {
  const html = await response.text();
  const reader = html.match(READER);
  if (!reader) return;
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  headers.set("X-Copied-At", new Date().toISOString());
  const cache = await caches.open(`entry:${reader[1]}`);
  await cache.put(url, new Response(html, { headers }));
  const held = await cache.keys();
  await Promise.all(held.slice(0, -MOST_COPIES).map((oldest) => cache.delete(oldest)));
};

const copyOf = async (url) => {
  for (const cache of await copies()) {
    const found = await cache.match(url);
    if (!found) continue;
    const at = found.headers.get("X-Copied-At");
    if (Date.now() - Date.parse(at) > HOURS * 3600000) return null;
    const html = await found.text();
    return new Response(html.replace(' id="sheet"', ` id="sheet" data-copied-at="${at}"`), { headers: found.headers });
  }
  return null;
};

const report = async (event) => {
  const { url } = event.request;
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(keep(url, response.clone()));
    else if (response.status < 500) event.waitUntil(forget(url));
    return response;
  } catch (failure) {
    const copy = await copyOf(url);
    if (copy) return copy;
    throw failure;
  }
};

const keepPart = async (request, response) => {
  const cache = await caches.open("entry-parts");
  const held = await cache.keys();
  if (held.length >= MOST_PARTS) await Promise.all(held.map((one) => cache.delete(one)));
  await cache.put(request, response);
};
const part = async (event) => {
  const held = await caches.match(event.request.url, { cacheName: "entry-parts" });
  if (held) return held;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keepPart(event.request.url, response.clone()));
  return response;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && REPORT.test(pathname)) event.respondWith(report(event));
  else if (PART.test(pathname)) event.respondWith(part(event));
});

// The first page was there before this worker: it says what it is made of.
self.addEventListener("message", (event) => {
  const { page, parts } = event.data;
  const first = async () => {
    const response = await fetch(page);
    if (response.ok && !response.redirected) await keep(page, response);
    for (const url of parts.filter((one) => PART.test(new URL(one).pathname))) {
      await keepPart(url, await fetch(url));
    }
  };
  event.waitUntil(first());
});
