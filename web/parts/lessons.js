// What lessons want of the browser: the list of them and their archives, and a place to keep how far one is.
import { base, texts } from "./kept.js";

export const { kept, keep } = texts("limbeck-lessons");

const ARCHIVE = 4_000_000;

async function get(url) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin" });
  } catch {
    throw "unreachable";
  }
  if (!response.ok) throw "missing";
  // A redirect may lead to another site.
  if (new URL(response.url).origin !== location.origin) throw "origin";
  return response;
}

/** The lessons that the page comes with, as JSON. */
export const courses = async () => (await get(new URL("lessons/index.json", base))).text();

/** The archive at an address of the page's own origin. */
export async function fetched(address) {
  let url;
  try {
    url = new URL(address, base);
  } catch {
    throw "missing";
  }
  if (url.origin !== location.origin) throw "origin";
  const bytes = new Uint8Array(await (await get(url)).arrayBuffer());
  if (bytes.length > ARCHIVE) throw "large";
  return bytes;
}
