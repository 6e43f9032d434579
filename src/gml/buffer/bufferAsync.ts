// GameMaker's buffer functions that save and load files while the game goes on, and report by the save/load event.

import { readFileBytes, requireFiles, writeFileBytes } from '#files'
import { contentRange } from '../../content/contentRange.ts'
import { storeIntoBuffer } from '../../content/loadBufferInto.ts'
import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { requestSaveLoad } from '../requestSaveLoad.ts'
import { filePath, knownBuffer, rangeOf, wholeNumber } from './bufferArguments.ts'

/** What remains to be done in the step; it returns whether all has succeeded. */
type Completion = () => boolean

/**
 * Saves or loads when all that was asked for before is done, which `turn` waits for. It is called before that, so that a
 * save has its place among the other saves of its file, such as those of `buffer_save`.
 */
type Work = (turn: Promise<unknown>) => Promise<Completion>

/** Files that are saved or loaded together. */
interface Group {
  readonly folder: string
  readonly id: number
  readonly works: Work[]
  /** Hands over the group's work, so that its event can come. */
  readonly finish: (work: Promise<Completion>) => void
}

/** Where files of no group lie. */
const defaultFolder = 'default'

let group: Group | undefined

/** Ends when all that was asked for until now is done. */
let queue: Promise<unknown> = /* @__PURE__ */ Promise.resolve()

/**
 * Saves a part of a buffer as a file and reports by the save/load event of a later step, whose `status` tells whether the
 * file was written. The bytes are taken at once, so the buffer may be changed or deleted right after. The range is that of
 * `buffer_save_ext`.
 *
 * Requests are done in the order they were made. In a group they wait for its end. A `buffer_save` of the same file does
 * this one at once, before itself. If it fails, the file stays as it was.
 *
 * @param filename a path in the folder `default` of the working directory, or in the group's; an absolute path stays as it
 * is. Folders are made
 * @returns the id of the event, the group's if there is one; -1 for an unknown buffer with the setting `unknown_buffer` =
 * `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite; Error in browsers, which have
 * no files
 */
export function buffer_save_async(
  buffer: GmlNumber,
  filename: string,
  offset: GmlNumber,
  size: GmlNumber,
): number {
  const where = 'buffer_save_async'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return -1
  const path = pathInFolder(where, filename)
  const bytes = new Uint8Array(
    contentRange(where, found, ...rangeOf(where, found, offset, size)) ?? [],
  )
  requireFiles(where)
  return request(where, async (turn) => {
    const isWritten = await writeFileBytes(path, bytes, turn)
    return () => isWritten
  })
}

/**
 * Loads a file into a buffer and reports by the save/load event of a later step. The buffer changes only in that step,
 * right before the event; if it is deleted by then, the `status` is false. It takes the bytes as in `buffer_copy`, and
 * the status is false too if none of them fits.
 *
 * Requests are done in the order they were made. In a group they wait for its end.
 *
 * @param filename as for `buffer_save_async`
 * @param offset bytes from the start of the buffer
 * @param size the most bytes to load, negative for the whole file
 * @returns the id of the event, the group's if there is one; -1 for an unknown buffer with the setting `unknown_buffer` =
 * `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite; Error in browsers, which have
 * no files
 */
export function buffer_load_async(
  buffer: GmlNumber,
  filename: string,
  offset: GmlNumber,
  size: GmlNumber,
): number {
  const where = 'buffer_load_async'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return -1
  const path = pathInFolder(where, filename)
  const to = wholeNumber(where, 'offset', offset)
  const count = wholeNumber(where, 'size', size)
  requireFiles(where)
  return request(where, async (turn) => {
    await turn
    const bytes = await readFileBytes(path)
    return () => bytes !== undefined && storeIntoBuffer(found, bytes, 0, count, to) === 0
  })
}

/**
 * Begins a group: what `buffer_save_async` and `buffer_load_async` are asked for from here on begins at
 * `buffer_async_group_end`, has one id and is reported by one event. A group that was not ended before is given up:
 * nothing of it is saved or loaded, and its event has the status false.
 *
 * @param groupname the folder of the group's files, in place of `default`
 */
export function buffer_async_group_begin(groupname: string): void {
  const where = 'buffer_async_group_begin'
  const folder = checkText(where, 'groupname', groupname).replaceAll('\\', '/')
  group?.finish(Promise.resolve(failed))
  const { promise, resolve } = later<Completion>()
  group = { folder, id: requestSaveLoad(where, promise), works: [], finish: resolve }
}

/**
 * Takes an option of the group and does nothing with it: options are about the save dialogs of consoles. Elsewhere
 * GameMaker does nothing with them either.
 */
export function buffer_async_group_option(option: string, value: unknown): void {
  checkText('buffer_async_group_option', 'option', option)
  void value
}

/**
 * Ends a group, and begins what was asked for in it.
 *
 * @returns the id of the group's one event, which each request of the group has given too. Its `status` is true if all
 * have succeeded. -1 if no group was begun
 */
export function buffer_async_group_end(): number {
  if (group === undefined) return -1
  const { id, works, finish } = group
  group = undefined
  finish(runAll(works))
  return id
}

/** Where a file of the group, or of none, lies. */
function pathInFolder(where: string, filename: string): string {
  const path = filePath(where, filename)
  const folder = group?.folder ?? defaultFolder
  const isAbsolute = /^([a-z]:)?\//i.test(path)
  return isAbsolute || folder === '' ? path : `${folder}/${path}`
}

/** Runs something when all that was asked for before is done, so that a load finds what a save before it has written. */
function enqueue(work: Work): Promise<Completion> {
  const done = work(queue)
  queue = done.catch(() => undefined)
  return done
}

/** Asks for something, or adds it to the group. Gives the id of the event that will report it. */
function request(where: string, work: Work): number {
  if (group === undefined) return requestSaveLoad(where, enqueue(work))
  group.works.push(work)
  return group.id
}

/** Runs works one after the other; a failure keeps none of the others from being done. */
async function runAll(works: readonly Work[]): Promise<Completion> {
  const ends = await Promise.all(works.map((work) => enqueue(work).catch(() => failed)))
  return () => ends.filter((end) => !end()).length === 0
}

/** A promise, and what fulfils it. */
function later<Value>(): {
  promise: Promise<Value>
  resolve: (value: Value | Promise<Value>) => void
} {
  let resolve!: (value: Value | Promise<Value>) => void
  const promise = new Promise<Value>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}

function failed(): boolean {
  return false
}
