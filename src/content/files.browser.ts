// Where there are no files. package.json's "imports" chooses between this file and files.node.ts.

/** Throws where the platform has no files, in the name of the function that was called: always. */
export function requireFiles(where: string): never {
  throw new Error(`${where}: there are no files in a browser`)
}

/** Throws: there are no files. */
export function readFileBytes(_path: string, _bytesMax?: number): Promise<Uint8Array | undefined> {
  return requireFiles('readFileBytes')
}

/** Throws: there are no files. */
export function readFileBytesNow(_path: string, _bytesMax?: number): Uint8Array | undefined {
  return requireFiles('readFileBytesNow')
}

/** Throws: there are no files. */
export function writeFileBytes(
  _path: string,
  _bytes: Uint8Array,
  _after?: Promise<unknown>,
): Promise<boolean> {
  return requireFiles('writeFileBytes')
}

/** Throws: there are no files. */
export function writeFileBytesNow(_path: string, _bytes: Uint8Array): boolean {
  return requireFiles('writeFileBytesNow')
}
