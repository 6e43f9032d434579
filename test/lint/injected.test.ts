// The linter holds that time and chance are injected, and that simulations take no function that engines differ in.

import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { type Fault, LintTree } from './LintTree.ts'

const globals = 'eslint(no-restricted-globals)'
const properties = 'eslint(no-restricted-properties)'

function faultsOf(files: Readonly<Record<string, string>>): Fault[] {
  const tree = new LintTree()
  try {
    tree.plant(files)
    return tree.lint()
  } finally {
    tree.remove()
  }
}

/** Files that each hold one expression. */
function filesWith(files: readonly string[], code: string): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file, `export const value = ${code}`]))
}

const rooms = ['src/event', 'src/socket', 'src/simulation', 'systems', 'components']

spec('injected: the linter', (it) => {
  it('refuses time and chance in every room of the library', () => {
    const codes = {
      Date: 'Date.now()',
      performance: 'performance.now()',
      timer: 'setTimeout(() => {}, 1)',
      chance: 'Math.random()',
    }
    const files = Object.entries(codes).map(([name, code]) =>
      filesWith(
        rooms.map((room) => `${room}/${name}.ts`),
        code,
      ),
    )
    const wanted = rooms.flatMap((room) =>
      Object.keys(codes).map((name) => ({
        file: `${room}/${name}.ts`,
        rule: name === 'chance' ? properties : globals,
      })),
    )
    assert.equal(byFile(faultsOf(Object.assign({}, ...files))), byFile(wanted))
  })

  it('lets the clock, the command line and the transports of a platform use them', () => {
    const files = ['src/clock/Clock.ts', 'src/cli/stub.ts', 'src/transport/node/stub.ts']
    assert.equal(faultsOf(filesWith(files, 'performance.now() + Math.random()')), [])
  })

  it('refuses functions that engines differ in, in simulations only', () => {
    const names = ['sin', 'log', 'pow', 'sqrt', 'exp']
    const files: Record<string, string> = {
      'src/simulation/floor.ts': 'export const value = Math.floor(2.5)',
      'src/buffer/log2.ts': 'export const value = Math.log2(2)',
    }
    for (const name of names)
      files[`src/simulation/${name}.ts`] = `export const value = Math.${name}(2)`
    const wanted = names.map((name) => ({ file: `src/simulation/${name}.ts`, rule: properties }))
    assert.equal(byFile(faultsOf(files)), byFile(wanted))
  })
})

function byFile(faults: readonly Fault[]): Fault[] {
  return [...faults].sort((a, b) => (a.file < b.file ? -1 : 1))
}
