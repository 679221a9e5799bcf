import { loadPyodide } from "./pyodide/pyodide.mjs";

const PREPARE = `
import os, shutil, sys
import alembic.config, sqlalchemy
import sqlalchemy.dialects.sqlite

def load(files):
    os.chdir("/")
    shutil.rmtree("/project", ignore_errors=True)
    for path, text in files.items():
        path = os.path.join("/project", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    os.makedirs("/project/alembic/versions", exist_ok=True)
    os.chdir("/project")

def run(argv):
    # Each command loads the user's modules anew, as in a terminal; the packages stay imported.
    sys.modules.pop("models", None)
    sys.path_importer_cache.clear()
    path = list(sys.path)
    try:
        alembic.config.main(argv=argv, prog="alembic")
        return 0
    except SystemExit as stop:
        return stop.code or 0
    finally:
        sys.path[:] = path
`;

let output = [];
const started = (async () => {
  const packages = fetch("packages.zip").then((response) => response.arrayBuffer());
  const print = (line) => output.push(line);
  const python = await loadPyodide({ stdout: print, stderr: print });
  python.unpackArchive(await packages, "zip", { extractDir: "/lib/python3.14/site-packages" });
  python.runPython(PREPARE);
  const load = python.globals.get("load");
  const run = python.globals.get("run");
  return {
    load(files) {
      const given = python.toPy(files);
      load(given);
      given.destroy();
    },
    run(argv) {
      output = [];
      const given = python.toPy(argv);
      const status = run(given);
      given.destroy();
      return { status, output: output.join("\n") };
    },
    remove: (path) => python.FS.unlink(`/project/${path}`),
  };
})();

// One after the other, in order.
let before = started.catch(() => {});
onmessage = ({ data: { number, name, values } }) => {
  before = before.then(async () => {
    try {
      postMessage({ number, value: (await started)[name](...values) });
    } catch (error) {
      postMessage({ number, error: String(error) });
    }
  });
};
