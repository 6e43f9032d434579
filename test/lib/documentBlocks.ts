import { transformSync } from 'esbuild'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NodeProgram } from './NodeProgram.ts'

/** The blocks of code in a document that are marked with a language. */
export function blocksOf(file: string, language: string): string[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)
  return [...blocks].filter(([, mark]) => mark === language).map(([, , code]) => code ?? '')
}

/** Runs a TypeScript block against dist, as a user does. `folder` is one in `build`. */
export function runBlock(folder: string, name: string, code: string): NodeProgram {
  mkdirSync(join('build', folder), { recursive: true })
  const file = join('build', folder, `${name}.mjs`)
  writeFileSync(file, transformSync(code, { loader: 'ts' }).code)
  return new NodeProgram(file)
}
