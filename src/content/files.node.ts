// Files of Node. package.json's "imports" chooses between this file and files.browser.ts. What goes wrong with a
// file gives `undefined` or false; nothing throws.
import { type Stats, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bufferSizeMax } from '../buffer/reallocate.ts'

/** Throws where the platform has no files, in the name of the function that was called. Node has files. */
export function requireFiles(_where: string): void {}

/** The bytes of a file; `undefined` when it cannot be read or has more than `bytesMax`. */
export async function readFileBytes(
  path: string,
  bytesMax: number = bufferSizeMax,
): Promise<Uint8Array | undefined> {
  try {
    return isReadable(await stat(path), bytesMax)
      ? checked(await readFile(path), bytesMax)
      : undefined
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
 * Makes a file of the bytes, in place of one that is there, and the folders it lies in. Gives whether it
 * succeeded. The bytes must not change meanwhile.
 */
export async function writeFileBytes(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, bytes)
    return true
  } catch {
    return false
  }
}

/** As `writeFileBytes`; nothing else happens meanwhile. */
export function writeFileBytesNow(path: string, bytes: Uint8Array): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
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
