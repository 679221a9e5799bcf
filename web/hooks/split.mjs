// Splits a module in two: what runs until the first commands are answered, and the rest, which loads behind it
// (`web/halves.js`; binaryen's own wasm-split is not among what npm has of it).
import binaryen from "binaryen";

const { i32, none } = binaryen;

function read(bytes) {
  binaryen.setDebugInfo(true);
  return binaryen.readBinary(bytes);
}

function write(module) {
  if (!module.validate()) throw new Error("half of a module is no valid module");
  // Names were wanted to tell the functions apart; they are not shipped.
  binaryen.setDebugInfo(false);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

// The functions that a module has itself, in their order.
function own(module) {
  const all = [];
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    const reference = module.getFunctionByIndex(index);
    const info = binaryen.getFunctionInfo(reference);
    if (!info.base) all.push({ ...info, reference });
  }
  return all;
}

/** The same module, each function of which notes that it was called: its bytes, and `called`, which gives those
 * functions' names. It is to be made by `WebAssembly.instantiate`, which lends it a byte a function, where the memory
 * ends that the module begins with. */
export function marked(bytes) {
  const module = read(bytes);
  const base = module.getMemoryInfo().initial * 65536;
  const names = own(module).map(({ reference, name, body, results }, index) => {
    const mark = module.i32.store8(0, 1, module.i32.const(base + index), module.i32.const(1));
    binaryen.Function.setBody(reference, module.block(null, [mark, body], results));
    return name;
  });
  let memory;
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async (...given) => {
    WebAssembly.instantiate = instantiate;
    const made = await instantiate(...given);
    // The allocator takes its pages later: these are ours.
    memory = (made.instance ?? made).exports.memory;
    memory.grow(Math.ceil(names.length / 65_536));
    return made;
  };
  const called = () => {
    const marks = new Uint8Array(memory.buffer, base, names.length);
    return names.filter((_, index) => marks[index]);
  };
  return { bytes: write(module), called };
}

// Exports, start, elements, count of data, data: only the first half has them.
const ALONE = new Set([7, 8, 9, 11, 12]);

function withoutOwnSections(bytes) {
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const start = at;
    const id = bytes[at];
    let size = 0;
    let shift = 0;
    do {
      at += 1;
      size |= (bytes[at] & 127) << shift;
      shift += 7;
    } while (bytes[at] > 127);
    at += 1 + size;
    if (!ALONE.has(id)) kept.push(bytes.subarray(start, at));
  }
  return Buffer.concat(kept);
}

// What is left in a module of functions, by name, once all is gone that can't be reached.
function reachable(module) {
  module.runPasses(["remove-unused-module-elements"]);
  const names = new Set();
  for (let index = 0; index < module.getNumFunctions(); index += 1) {
    names.add(binaryen.getFunctionInfo(module.getFunctionByIndex(index)).name);
  }
  return names;
}

/** Both halves: `first` has the functions whose names `keep` approves, `later` the others. Where the first half calls
 * one of the others, it has a door in its place: it calls `later.load` where the other half is not there yet, and
 * then the function in the table `later`. The second half imports from `f` what the first one exports. */
export function split(bytes, keep) {
  const first = read(bytes);
  const all = own(first);
  const moved = all.filter(({ name }) => !keep(name));
  // Short names: there are thousands.
  const exportOf = (index) => index.toString(36);

  for (const { name, params, results } of moved) {
    first.removeFunction(name);
    first.addFunction(name, params, results, [], first.unreachable());
  }
  const reached = reachable(first);
  const doors = moved.filter(({ name }) => reached.has(name));
  // What only the moved ones call goes with them.
  const stays = all.filter(({ name }) => keep(name) && reached.has(name));
  first.addTable("later", doors.length, doors.length);
  first.addTableExport("later", "later");
  first.addGlobal("is_there", i32, true, first.i32.const(0));
  first.addGlobalExport("is_there", "is_there");
  first.addFunctionImport("load", "later", "load", none, none);
  doors.forEach(({ name, params, results }, slot) => {
    const operands = binaryen.expandType(params).map((type, index) => first.local.get(index, type));
    const body = [
      first.if(first.i32.eqz(first.global.get("is_there", i32)), first.call("load", [], none)),
      first.call_indirect("later", first.i32.const(slot), operands, params, results),
    ];
    first.removeFunction(name);
    first.addFunction(name, params, results, [], first.block(null, body, results));
  });

  const later = read(withoutOwnSections(bytes));
  stays.forEach(({ name, params, results }, index) => {
    later.removeFunction(name);
    later.addFunctionImport(name, "f", exportOf(index), params, results);
  });
  const memory = "0";
  later.addMemoryImport(memory, "f", "memory");
  for (let index = 0; index < later.getNumTables(); index += 1) {
    const { name } = binaryen.getTableInfo(later.getTableByIndex(index));
    later.addTableImport(name, "f", `table ${name}`);
    first.addTableExport(name, `table ${name}`);
  }
  for (let index = 0; index < first.getNumGlobals(); index += 1) {
    const { name, type, mutable, base } = binaryen.getGlobalInfo(first.getGlobalByIndex(index));
    // What never changes both halves have for themselves.
    if (!mutable || base || name === "is_there") continue;
    later.removeGlobal(name);
    later.addGlobalImport(name, "f", `global ${name}`, type, true);
    first.addGlobalExport(name, `global ${name}`);
  }
  later.addTable("later", doors.length, doors.length);
  later.addActiveElementSegment("later", "doors", doors.map(({ name }) => name), later.i32.const(0));
  later.addTableImport("later", "f", "later");
  const used = reachable(later);
  stays.forEach(({ name }, index) => {
    if (used.has(name)) first.addFunctionExport(name, exportOf(index));
  });
  return { first: write(first), later: write(later) };
}
