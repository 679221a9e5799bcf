// The service worker: keeps the page, so that it opens and works without a network. The build fills in which files
// belong to it, each with its hash. Names of files hold what is in them, so that an older page that is still open finds
// its own parts beside the newer one's; index.html alone has one name in all builds, and is taken from one build whole.
const BUILD = "@build";
const FILES = "@files";
// Files that few visits want, each with its hash: kept once they were loaded, the documentation as a whole.
const LATER = "@later";
const KEPT = "limbeck:" + new URL(self.registration.scope).pathname + ":";
const OWN = KEPT + BUILD;
const at = (path) => new URL(path, self.registration.scope).href;

const hash = async (bytes) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);

const kept = async () => (await caches.keys()).filter((name) => name.startsWith(KEPT));

// All files or none: what a server in the middle of an update gives is not what the list says, and is not taken.
const fits = async (response, sum) => response?.ok && (await hash(await response.clone().arrayBuffer())) === sum;

async function install() {
  const cache = await caches.open(OWN);
  try {
    await Promise.all(Object.entries(FILES).map(async ([path, sum]) => {
      const url = at(path);
      if (await cache.match(url)) return;
      // What an older build has too is not loaded again.
      const known = await caches.match(url);
      if (await fits(known, sum)) return cache.put(url, known);
      // What the page has just loaded under such a name need not come again.
      const named = /-([0-9a-f]{15,16}|[0-9A-Z]{8})\.\w+$/.test(path);
      const response = await fetch(url, { cache: named ? "default" : "no-cache", redirect: "error" });
      if (!(await fits(response, sum))) throw new Error(`${path} is not what this version has (${response.status})`);
      await cache.put(url, response);
    }));
    for (const [path, sum] of Object.entries(LATER)) {
      const known = await caches.match(at(path));
      if (await fits(known, sum)) await cache.put(at(path), known);
    }
  } catch (error) {
    await caches.delete(OWN);
    throw error;
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(install().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

// Older builds go when no page of theirs is open any more: when a page of this build says that it is there, alone.
async function forget() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.length > 1) return;
  for (const name of await kept()) if (name !== OWN) await caches.delete(name);
}

self.addEventListener("message", (event) => {
  if (event.data?.limbeck === BUILD) event.waitUntil(forget());
});

async function keep(request, response, sum) {
  if (await fits(response, sum)) await (await caches.open(OWN)).put(request.url, response);
}

async function answer(event) {
  const { request } = event;
  const cache = await caches.open(OWN);
  const own = await cache.match(request.url, { ignoreSearch: true });
  if (own) return own;
  for (const name of await kept()) {
    const older = await (await caches.open(name)).match(request.url, { ignoreSearch: true });
    if (older) return older;
  }
  const response = await fetch(request);
  const sum = LATER[request.url.slice(self.registration.scope.length)];
  if (sum) event.waitUntil(keep(request, response.clone(), sum));
  return response;
}

// Pages of the documentation have one name in all builds: those of this build, else what the server has, else older ones.
async function documentation(event, path) {
  const cache = await caches.open(OWN);
  const own = await cache.match(at(path));
  if (own) return own;
  event.waitUntil(Promise.allSettled(
    Object.entries(LATER).filter(([name]) => name.startsWith("docs/")).map(async ([name, sum]) => {
      if (await cache.match(at(name))) return;
      const response = await fetch(at(name), { cache: "no-cache" });
      if (await fits(response, sum)) await cache.put(at(name), response);
    }),
  ));
  try {
    return await fetch(event.request);
  } catch (error) {
    const older = await caches.match(at(path));
    if (older) return older;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(self.registration.scope)) return;
  const file = url.href.slice(self.registration.scope.length).split(/[?#]/)[0];
  if (file.startsWith("docs/") && LATER[file]) {
    event.respondWith(documentation(event, file));
    return;
  }
  if (request.mode === "navigate") {
    if (file !== "" && file !== "index.html") return;
    event.respondWith(
      caches.open(OWN).then((cache) => cache.match(at("index.html"))).then((page) => page ?? fetch(request)),
    );
    return;
  }
  event.respondWith(answer(event));
});
