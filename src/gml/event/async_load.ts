/**
 * The handle of the map that the running asynchronous event has brought; -1 outside such an event. GameMaker's
 * `async_load`. The map, and the buffer of a data event, end with the event. Read the import itself each time: a copy in a
 * variable of yours stays what it was.
 */
export let async_load: number = -1

/** Sets it, and gives what it was. */
export function replaceAsyncLoad(handle: number): number {
  const before = async_load
  async_load = handle
  return before
}
