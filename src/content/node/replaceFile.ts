// How files.node.ts puts a new content in the place of a file: it writes and flushes a temporary file beside it and renames
// that over it, so that the name stands for the old content or the new one at every moment, also after a crash.

import { randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const writeAll = /* @__PURE__ */ promisify<number, Uint8Array, void>(fs.writeFile)
const flush = /* @__PURE__ */ promisify(fs.fsync)

// As many links as Linux follows.
const linksMax = 40

/** Errors of a file that can be written but not replaced: the folder is read-only, or the file is a mount of its own. */
const irreplaceable = ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV']

/** Windows refuses to rename over a file that another program, such as a virus scanner, has open. */
const busyWaitsMs = [5, 10, 20, 50, 100, 200]

/** What a path of a save means. */
export interface SaveTarget {
  /** The path, links resolved, of a file that is there or can be made; of anything else the path itself. */
  readonly path: string
  /** Whether there is something else than a file: a device, a pipe, a folder. */
  readonly isDevice: boolean
}

interface Draft {
  readonly path: string
  readonly descriptor: number
}

let overwriteCount = 0

/** How often a file was written in place. A read during which this changes may have seen a mixture. */
export function countOverwrites(): number {
  return overwriteCount
}

/** Throws for a path that no file can have. Paths of one file give one target. */
export function saveTarget(path: string): SaveTarget {
  const stats = attempt(() => fs.statSync(path))
  if (stats !== undefined && !stats.isFile()) return { path, isDevice: true }
  if (path.includes('\0') || path.endsWith('/') || path.endsWith(sep))
    throw new Error(`${path}: not the path of a file`)
  return { path: resolveLinks(path), isDevice: false }
}

/**
 * Replaces a file, or makes it, and the folders it lies in. Rejects if that cannot be done; the file is as before then.
 *
 * @param isOver whether the file has been replaced by others meanwhile: this does nothing more then
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array,
  isOver: () => boolean,
): Promise<void> {
  try {
    const draft = openDraft(path)
    try {
      await writeAll(draft.descriptor, bytes)
        .then(() => flush(draft.descriptor))
        .finally(() => fs.closeSync(draft.descriptor))
      // Not in the background, where a save that waits could not know whether it has happened yet.
      for (let tries = 0; !isOver() && !renameDraft(draft, path, tries); tries++)
        await delay(busyWaitsMs[tries])
    } finally {
      // Fails if the rename has succeeded.
      attempt(() => fs.unlinkSync(draft.path))
    }
    flushFolder(path)
  } catch (error) {
    if (!isOver()) overwriteInstead(path, bytes, error)
  }
}

/** As `replaceFile`, but done when it returns; throws instead. */
export function replaceFileNow(path: string, bytes: Uint8Array): void {
  try {
    const draft = openDraft(path)
    try {
      try {
        fs.writeFileSync(draft.descriptor, bytes)
        fs.fsyncSync(draft.descriptor)
      } finally {
        fs.closeSync(draft.descriptor)
      }
      for (let tries = 0; !renameDraft(draft, path, tries); tries++)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyWaitsMs[tries])
    } finally {
      attempt(() => fs.unlinkSync(draft.path))
    }
    flushFolder(path)
  } catch (error) {
    overwriteInstead(path, bytes, error)
  }
}

/** Makes an empty file beside another, with its owner and mode. Throws if the other is there and must not be written. */
function openDraft(path: string): Draft {
  const folder = dirname(path)
  makeFolder(folder)
  const old = fs.statSync(path, { throwIfNoEntry: false })
  if (old !== undefined) fs.accessSync(path, fs.constants.W_OK)
  const beside = join(folder, `.bitecs-networking-${randomUUID()}.tmp`)
  const descriptor = fs.openSync(beside, 'wx', old === undefined ? 0o666 : old.mode & 0o777)
  try {
    if (old !== undefined) keepRights(descriptor, old)
    return { path: beside, descriptor }
  } catch (error) {
    fs.closeSync(descriptor)
    fs.unlinkSync(beside)
    throw error
  }
}

/** Makes a folder and those above it. Node's own `recursive` does not return for a folder that cannot be made, as in /proc. */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above)
  try {
    fs.mkdirSync(folder)
  } catch (error) {
    if (!fs.existsSync(folder)) throw error
  }
}

function keepRights(descriptor: number, old: fs.Stats): void {
  const { uid, gid } = fs.fstatSync(descriptor)
  if (uid !== old.uid || gid !== old.gid) fs.fchownSync(descriptor, old.uid, old.gid)
  // Some file systems have one mode for all files and refuse to change it.
  if (((fs.fstatSync(descriptor).mode ^ old.mode) & 0o7777) !== 0)
    fs.fchmodSync(descriptor, old.mode & 0o7777)
}

/** Returns whether it is done; if not, it can be tried again after a while. */
function renameDraft(draft: Draft, path: string, tries: number): boolean {
  try {
    fs.renameSync(draft.path, path)
    return true
  } catch (error) {
    if (process.platform !== 'win32' || !isIrreplaceable(error)) throw error
    if (tries < busyWaitsMs.length) return false
    throw new Error(`${path}: in use`, { cause: error })
  }
}

/** Makes a rename outlast a loss of power, where a folder can be flushed. */
function flushFolder(path: string): void {
  attempt(() => withFile(dirname(path), fs.constants.O_RDONLY, fs.fsyncSync))
}

/** Writes a file in place if that it cannot be replaced is what went wrong. Not in the background: nothing must come between. */
function overwriteInstead(path: string, bytes: Uint8Array, error: unknown): void {
  if (!isIrreplaceable(error)) throw error
  withFile(path, fs.constants.O_WRONLY, (descriptor) => {
    overwriteCount++
    fs.writeFileSync(descriptor, bytes)
    fs.ftruncateSync(descriptor, bytes.length)
    fs.fsyncSync(descriptor)
  })
}

function withFile(path: string, flags: number, use: (descriptor: number) => void): void {
  const descriptor = fs.openSync(path, flags)
  try {
    use(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Where a path leads, also if there is no file yet: links may point to what is missing, and folders may be missing. */
function resolveLinks(path: string, linksLeft = linksMax): string {
  const found = attempt(() => fs.realpathSync.native(path))
  const parent = dirname(path)
  if (found !== undefined || parent === path) return found ?? path
  const at = join(resolveLinks(parent, linksLeft), basename(path))
  const link = attempt(() => fs.readlinkSync(at))
  if (link === undefined) return at
  if (linksLeft === 0) throw new Error(`${path}: a circle of links`)
  return resolveLinks(resolve(dirname(at), link), linksLeft - 1)
}

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

function isIrreplaceable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && irreplaceable.includes(String(error.code))
}
