// Files of Node. package.json's "imports" chooses between this file and files.browser.ts. What goes wrong with a
// file gives `undefined` or false; nothing throws.
import { type Stats, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { bufferSizeMax } from '../buffer/reallocate.ts'
import {
  countOverwrites,
  replaceFile,
  replaceFileNow,
  saveTarget,
  type SaveTarget,
} from './node/replaceFile.ts'

/** A save that was asked for. */
interface Save {
  readonly target: SaveTarget
  readonly bytes: Uint8Array
  readonly after: Promise<unknown>
  readonly resolve: (isSaved: boolean) => void
  isSettled: boolean
}

/** The saves of each file that are not done, in the order they were asked for. */
const queues = /* @__PURE__ */ new Map<string, Save[]>()

/** Throws where the platform has no files, in the name of the function that was called. Node has files. */
export function requireFiles(_where: string): void {}

/** The bytes of a file; `undefined` when it cannot be read or has more than `bytesMax`. */
export async function readFileBytes(
  path: string,
  bytesMax: number = bufferSizeMax,
): Promise<Uint8Array | undefined> {
  try {
    if (!isReadable(await stat(path), bytesMax)) return undefined
    for (;;) {
      const overwrites = countOverwrites()
      const bytes = await readFile(path)
      // A file that is replaced meanwhile is read as it was; one that is written in place would be a mixture.
      if (countOverwrites() === overwrites) return checked(bytes, bytesMax)
    }
  } catch {
    return undefined
  }
}

/** As `readFileBytes`; nothing else happens meanwhile. */
export function readFileBytesNow(
  path: string,
  bytesMax: number = bufferSizeMax,
): Uint8Array | undefined {
  try {
    return isReadable(statSync(path), bytesMax) ? checked(readFileSync(path), bytesMax) : undefined
  } catch {
    return undefined
  }
}

/**
 * Makes a file of the bytes, in place of one that is there, and the folders it lies in. Resolves to whether it succeeded: if
 * so, the file has got this content, otherwise it is as before. The bytes must not change meanwhile. Saves of one file are
 * done in the order of the calls.
 *
 * @param after what to wait for before the file is written; it must not reject
 */
export function writeFileBytes(
  path: string,
  bytes: Uint8Array,
  after: Promise<unknown> = Promise.resolve(),
): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const target = saveTarget(path)
      const save = { target, bytes, after, resolve, isSettled: false }
      const queue = queues.get(target.path)
      if (queue === undefined) void runQueue(target.path, [save])
      else queue.push(save)
    } catch {
      resolve(false)
    }
  })
}

/**
 * As `writeFileBytes`; nothing else happens meanwhile. The saves of the file that are not done are done first, here and
 * now, so that all are in order.
 */
export function writeFileBytesNow(path: string, bytes: Uint8Array): boolean {
  try {
    const target = saveTarget(path)
    if (target.isDevice) writeFileSync(path, bytes)
    else {
      for (const save of queues.get(target.path)?.splice(0) ?? [])
        settle(save, isReplacedNow(target, save.bytes))
      replaceFileNow(target.path, bytes)
    }
    return true
  } catch {
    return false
  }
}

async function runQueue(path: string, queue: Save[]): Promise<void> {
  queues.set(path, queue)
  for (let save = queue[0]; save !== undefined; save = queue[0]) {
    await save.after
    // A save that waits may have done it.
    if (!save.isSettled) settle(save, await isReplaced(save))
    if (queue[0] === save) queue.shift()
  }
  queues.delete(path)
}

function settle(save: Save, isSaved: boolean): void {
  save.isSettled = true
  save.resolve(isSaved)
}

async function isReplaced(save: Save): Promise<boolean> {
  const { target, bytes } = save
  try {
    // What a device has taken is never replaced.
    if (target.isDevice) await writeFile(target.path, bytes)
    else await replaceFile(target.path, bytes, () => save.isSettled)
    return true
  } catch {
    return false
  }
}

function isReplacedNow({ path }: SaveTarget, bytes: Uint8Array): boolean {
  try {
    replaceFileNow(path, bytes)
    return true
  } catch {
    return false
  }
}

/** Looked at before a file is opened: a device has no end, and opening a pipe waits for somebody to write. */
function isReadable(stats: Stats, bytesMax: number): boolean {
  return stats.isFile() && stats.size <= bytesMax
}

/** A file may have grown since it was looked at. */
function checked(
  { buffer, byteOffset, length }: Uint8Array,
  bytesMax: number,
): Uint8Array | undefined {
  // Not Node's own class: its `slice` copies nothing.
  return length > bytesMax ? undefined : new Uint8Array(buffer, byteOffset, length)
}
