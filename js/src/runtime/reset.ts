// Bringing an instance back to its image, in place: the same WebAssembly instance, memory, table and glue, another interpreter.
//
// A new instance of the compiled core would be the plainer way, but takes 40 to 70 ms, nearly all of it for memory that is touched for
// the first time and for the function table; writing the image over memory that is there takes one (docs/decisions/0012-reset.md).
//
// Guarantees: needs nothing of what the old interpreter has left behind, so it works after a trap or abort() in the middle of
// anything. From the moment that memory changes nothing of the old border can reach it any more: Ffi.next(). Must be called with nothing
// of the core on JavaScript's stack: it waits for a task of its own, in which this is so, and in which no stack of Python's that was put
// aside is about to be taken up.

import { bytesSource } from "../host/files.js";
import { wasmIsOnStack } from "../ffi/stacks.js";
import { type Machine, type Runtime, boot, environment, report, restore, stackPointerOf } from "./boot.js";
import { makeFolders } from "./fs.js";
import { Host } from "./host_functions.js";
import { type Image, parseImage } from "./image_file.js";
import { immediate } from "./immediate.js";
import { buildId, dataEnd, makeImage, type restoreImage } from "./snapshot.js";
import type { Handler } from "./stream_handlers.js";
import { type StreamName, Streams } from "./streams.js";

export async function resetMachine(machine: Machine, handlers: Record<StreamName, Handler>): Promise<ReturnType<typeof restoreImage>> {
  machine.host.end();
  // After a cold start there is none: made now, and kept for the next time.
  const image = (machine.image ??= await imageOfColdStart(machine));
  await new Promise<void>((resolve) => immediate(resolve));
  return begin(machine, image, handlers);
}

function begin(machine: Machine, image: Image, handlers: Record<StreamName, Handler>): ReturnType<typeof restoreImage> {
  const { module, options } = machine;
  flush(machine.streams);
  const ffi = (machine.ffi = machine.ffi.next());
  module.kraitReset(dataEnd(image), image.runs);
  module.kraitLibraries.reset();
  (module.wasmExports.__stack_pointer as WebAssembly.Global).value = machine.stackPointer;

  Object.assign(module.ENV, environment(options));
  makeFolders(module.FS, options.env.HOME!);
  const streams = (machine.streams = new Streams(module as any, handlers));
  streams.install();
  module.FS.initialized = true;
  module.FS.ignorePermissions = false;
  machine.putStdlib();
  machine.host = new Host(options, ffi);
  ffi.attach(module, (message) => report(streams, message), true);
  return restore(machine, image, () => {});
}

/** Is Python on JavaScript's stack? */
export function pythonRuns({ module, stackPointer }: Runtime): boolean {
  // A trap leaves the pointer where it was: then the frames are what tells. Those of other instances are not told apart from ours.
  return stackPointerOf(module) !== stackPointer && wasmIsOnStack();
}

/** Lines that wait for their end are handed over. */
function flush(streams: Streams): void {
  for (const name of ["stdout", "stderr"] as const) streams.set(name, { isatty: false });
}

/** A second instance is started cold, with the same settings and the core that is compiled already, and thrown away. */
async function imageOfColdStart({ options, core, library }: Machine): Promise<Image> {
  const silent: Handler = { isatty: false, write: (buffer) => buffer.length };
  const runtime = await boot({
    ...options,
    core,
    library,
    image: undefined,
    // What it puts into the file system, it does again after each reset.
    fsInit: undefined,
    handlers: { stdin: silent, stdout: silent, stderr: silent },
  });
  runtime.complete({});
  const bytes = makeImage(runtime, undefined);
  return parseImage("the image of the cold start", bytesSource(bytes), buildId());
}
