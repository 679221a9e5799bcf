// Splits a module of WebAssembly in two, as binaryen's wasm-split does (which is not among what npm has of binaryen), in
// its words. `instrument` gives a module that notes which of its functions are called: the profile. `split` gives the
// primary module, which has the functions of the profile, and the deferred one, which has the others and loads behind
// the first commands (`web/deferred.js`).
//
// Both have one memory and one table of function pointers: the primary module has them, the deferred one imports them,
// with each function of the primary one that it calls. A function that the primary module calls and has not, or points
// to, has a placeholder there: it calls the import `deferred.load` unless the global `deferred_is_loaded` is set, and
// then what stands in its slot of the table `deferred`, which the deferred module fills as it is instantiated. So a
// profile that lacks a function costs time when that is called, and breaks nothing.
import binaryen from "binaryen";

const { i32, none } = binaryen;

function read(bytes) {
  binaryen.setDebugInfo(true);
  return binaryen.readBinary(bytes);
}

function write(module) {
  if (!module.validate()) throw new Error("a part of the module is no valid module");
  // Names were wanted to tell the functions apart; they are not shipped.
  binaryen.setDebugInfo(false);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

// The functions that a module does not import, in their order.
function definedFunctions(module) {
  const all = [];
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const reference = module.getFunctionByIndex(index);
    const info = binaryen.getFunctionInfo(reference);
    if (!info.base) all.push({ ...info, reference });
  }
  return all;
}

/** The same module, each function of which notes that it was called: its bytes, and those functions' names. `watched`
 * makes it. */
export function instrument(bytes) {
  const module = read(bytes);
  const base = module.getMemoryInfo().initial * 65536;
  const names = definedFunctions(module).map(({ reference, name, body, results }, index) => {
    const mark = module.i32.store8(0, 1, module.i32.const(base + index), module.i32.const(1));
    binaryen.Function.setBody(reference, module.block(null, [mark, body], results));
    return name;
  });
  return { bytes: write(module), names, base };
}

/** Gives what tells which functions of an instrumented module were called: it is to be made by `WebAssembly.instantiate`
 * of that realm, which this replaces. A note is a byte a function, in pages that are added to the memory at once, so that
 * the allocator finds them taken. */
export function watched({ bytes, names, base }, realm = globalThis) {
  let memory;
  const { instantiate } = realm.WebAssembly;
  realm.WebAssembly.instantiate = async (source, imports) => {
    const made = await instantiate(source, imports);
    // Node has modules of its own.
    if (source === bytes) {
      ({ memory } = made.instance.exports);
      memory.grow(Math.ceil(names.length / 65_536));
    }
    return made;
  };
  return () => {
    const marks = new Uint8Array(memory.buffer, base, names.length);
    return names.filter((_, index) => marks[index]);
  };
}

// Sections by their number in the format: what is done once, as the primary module is instantiated.
const PRIMARY_ALONE = new Set([7 /* exports */, 8 /* start */, 9 /* elements */, 11 /* data */, 12 /* count of data */]);

function withoutSections(bytes, numbers) {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const start = at;
    const number = bytes[at];
    // The section's size follows, in LEB128.
    let size = 0;
    let shift = 0;
    do {
      at += 1;
      size |= (bytes[at] & 127) << shift;
      shift += 7;
    } while (bytes[at] > 127);
    at += 1 + size;
    if (!numbers.has(number)) kept.push(bytes.subarray(start, at));
  }
  return Buffer.concat(kept);
}

// Removes what can't be reached; gives the names of the functions that are left.
function reachable(module) {
  module.runPasses(["remove-unused-module-elements"]);
  const names = new Set();
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    names.add(binaryen.getFunctionInfo(module.getFunctionByIndex(index)).name);
  }
  return names;
}

/** Both modules' bytes; `isPrimary` says of a function's name where it belongs. */
export function split(bytes, isPrimary) {
  const primary = read(bytes);
  const all = definedFunctions(primary);
  const moved = all.filter(({ name }) => !isPrimary(name));

  // What the primary module reaches without the others. What only those call goes with them.
  for (const { name, params, results } of moved) {
    primary.removeFunction(name);
    primary.addFunction(name, params, results, [], primary.unreachable());
  }
  const reached = reachable(primary);
  const stays = all.filter(({ name }) => isPrimary(name) && reached.has(name));
  const called = moved.filter(({ name }) => reached.has(name));

  primary.addTable("deferred", called.length, called.length);
  primary.addTableExport("deferred", "deferred");
  primary.addGlobal("deferred_is_loaded", i32, true, primary.i32.const(0));
  primary.addGlobalExport("deferred_is_loaded", "deferred_is_loaded");
  primary.addFunctionImport("load", "deferred", "load", none, none);
  called.forEach(({ name, params, results }, slot) => {
    const operands = binaryen.expandType(params).map((type, index) => primary.local.get(index, type));
    const placeholder = [
      primary.if(primary.i32.eqz(primary.global.get("deferred_is_loaded", i32)), primary.call("load", [], none)),
      primary.call_indirect("deferred", primary.i32.const(slot), operands, params, results),
    ];
    primary.removeFunction(name);
    primary.addFunction(name, params, results, [], primary.block(null, placeholder, results));
  });

  const deferred = read(withoutSections(bytes, PRIMARY_ALONE));
  // Short names: there are thousands.
  const exportName = (index) => index.toString(36);
  stays.forEach(({ name, params, results }, index) => {
    deferred.removeFunction(name);
    deferred.addFunctionImport(name, "primary", exportName(index), params, results);
  });
  deferred.addMemoryImport("0", "primary", "memory");
  for (let index = 0; index < deferred.getNumTables(); index += 1) {
    const { name } = binaryen.getTableInfo(deferred.getTableByIndex(index));
    deferred.addTableImport(name, "primary", `table ${name}`);
    primary.addTableExport(name, `table ${name}`);
  }
  for (let index = 0; index < primary.getNumGlobals(); index += 1) {
    const { name, type, mutable, base } = binaryen.getGlobalInfo(primary.getGlobalByIndex(index));
    // Of what never changes each has its own.
    if (!mutable || base || name === "deferred_is_loaded") continue;
    deferred.removeGlobal(name);
    deferred.addGlobalImport(name, "primary", `global ${name}`, type, true);
    primary.addGlobalExport(name, `global ${name}`);
  }
  deferred.addTable("deferred", called.length, called.length);
  deferred.addActiveElementSegment("deferred", "slots", called.map(({ name }) => name), deferred.i32.const(0));
  deferred.addTableImport("deferred", "primary", "deferred");
  const used = reachable(deferred);
  stays.forEach(({ name }, index) => {
    if (used.has(name)) primary.addFunctionExport(name, exportName(index));
  });
  return { primary: write(primary), deferred: write(deferred) };
}
