// For a server or a build: where the page's files are.
import { fileURLToPath } from "node:url";

/** The folder of the built page: static files for any web server, under any path. */
export const page = fileURLToPath(new URL("./dist/", import.meta.url));
