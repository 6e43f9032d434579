import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { isNamedBy, isPackage, loadFloors, mayReach } from './Floors.ts'
import { type Fault, LintTree } from './LintTree.ts'
import { stubOf, stubTree, typeFrom } from './stubTree.ts'

const floors = await loadFloors()
const rooms = Object.keys(floors)
const stubs = stubTree(floors)
const twins = rooms.filter((room) => room.includes('*'))
const arrow = 'eslint(no-restricted-imports)'
const circle = 'import(no-cycle)'

/** Imports that the linter refuses: the room, and what a file of it imports. */
const refused: readonly (readonly [room: string, path: string])[] = [
  ['src/constants', '../errors/stub.ts'],
  ['src/clock', '../buffer/stub.ts'],
  ['src/buffer', 'node:buffer'],
  ['src/protocol', './reliable/stub.ts'],
  ['src/protocol/reliable', '../webSocket/stub.ts'],
  ['src/config', 'bitecs'],
  ['src/event', '../socket/stub.ts'],
  ['src/event', '../../components/stub.ts'],
  ['src/transport', './node/stub.ts'],
  ['src/transport', '../protocol/stub.ts'],
  ['src/transport', 'ws'],
  ['src/transport/node', '../memory/stub.ts'],
  ['src/transport/node', '../../protocol/reliable/stub.ts'],
  ['src/transport/browser', '../node/stub.ts'],
  ['src/transport/browser', 'node:net'],
  ['src/transport/memory', '../browser/stub.ts'],
  ['src/content', './codecs.node.ts'],
  ['src/content', 'node:fs/promises'],
  ['components', '../src/socket/stub.ts'],
  ['components', '../systems/stub.ts'],
  ['src/socket', '../network/stub.ts'],
  ['src/socket', '../transport/node/stub.ts'],
  ['src/socket', './udp/stub.ts'],
  ['src/socket', 'node:net'],
  ['src/socket/udp', '../../network/stub.ts'],
  ['src/socket/udp', 'node:dgram'],
  ['src/network', '../api/stub.ts'],
  ['src/network', '../content/stub.ts'],
  ['src/network', '../transport/memory/stub.ts'],
  ['systems', '../src/api/stub.ts'],
  ['systems', '../src/transport/stub.ts'],
  ['src/api', '../index.ts'],
  ['src/api', '../transport/node/stub.ts'],
  ['src/gml', '../index.ts'],
  ['src/gml', '../content/files.node.ts'],
  ['src/gml/buffer', '../event/stub.ts'],
  ['src/gml/network', '../../index.ts'],
  ['src/testing', '../network/stub.ts'],
  ['src/cli', '../api/stub.ts'],
  ['demos/chat', '../../src/index.ts'],
  ['bench/lib', '../../components/stub.ts'],
]

spec('floors: the linter', (it) => {
  it('passes a tree in which every room imports what its line names', () => {
    assert.equal(faultsOf(stubs), [])
  })

  it('refuses a circle of types between two files of a room', () => {
    const files = {
      'src/event/A.ts': "import { type B } from './B.ts'\nexport interface A {\n  b: B\n}",
      'src/event/B.ts': "import { type A } from './A.ts'\nexport interface B {\n  a: A\n}",
    }
    assert.equal(faultsOf({ ...stubs, ...files }), [
      { file: 'src/event/A.ts', rule: circle },
      { file: 'src/event/B.ts', rule: circle },
    ])
  })

  it('refuses a circle of types between two rooms, both as a circle and as an arrow upwards', () => {
    const files = {
      'src/buffer/A.ts':
        "import { type B } from '../protocol/B.ts'\nexport interface A {\n  b: B\n}",
      'src/protocol/B.ts':
        "import { type A } from '../buffer/A.ts'\nexport interface B {\n  a: A\n}",
    }
    assert.equal(faultsOf({ ...stubs, ...files }), [
      { file: 'src/buffer/A.ts', rule: arrow },
      { file: 'src/buffer/A.ts', rule: circle },
      { file: 'src/protocol/B.ts', rule: circle },
    ])
  })

  it('refuses a circle of types in the one place without floors, tests', () => {
    const files = {
      'test/A.ts': "import { type B } from './B.ts'\nexport interface A {\n  b: B\n}",
      'test/B.ts': "export { type A as B } from './A.ts'",
    }
    assert.equal(faultsOf({ ...stubs, ...files }), [
      { file: 'test/A.ts', rule: circle },
      { file: 'test/B.ts', rule: circle },
    ])
  })

  for (const [form, text] of Object.entries({
    'a type': (path: string) => `export { type Stub } from '${path}'`,
    'a value': (path: string) => `import { stub } from '${path}'\nexport const copy = stub`,
    'a promise': (path: string) => `export const soon = import('${path}')`,
  }))
    it(`refuses each of the planted imports, as ${form}`, () => {
      const planted = Object.fromEntries(
        refused.map(([room, path], index) => [`${room}/planted${index}.ts`, text(path)]),
      )
      const expected = Object.keys(planted).map((file) => ({ file, rule: arrow }))
      assert.equal(faultsOf({ ...stubs, ...planted }), expected.sort(byPlace))
    })

  it('lets each room import each other room if and only if its line says so', () => {
    const pairs = rooms.flatMap((room) =>
      rooms
        .filter((other) => other !== room && !twins.includes(other) && !room.endsWith('.ts'))
        .map((other, index) => ({ room, other, file: `${room}/pair${index}.ts` })),
    )
    const planted = pairs.map(({ other, file }) => [file, typeFrom(file, stubOf(other))])
    const expected = pairs
      .filter(({ room, other }) => !mayReach(floors, room, other))
      .map(({ file }) => ({ file, rule: arrow }))
    assert.ok(expected.length > 500)
    assert.equal(faultsOf({ ...stubs, ...Object.fromEntries(planted) }), expected.sort(byPlace))
  })

  it('lets a socket have the type of an entity, and nothing else of bitECS', () => {
    const planted = {
      'src/socket/id.ts': "export { type EntityId } from 'bitecs'",
      'src/socket/udp/id.ts': "export { type EntityId } from 'bitecs'",
      'src/socket/value.ts': "import { addEntity } from 'bitecs'\nexport const add = addEntity",
      'src/socket/world.ts': "export { type EntityId, type World } from 'bitecs'",
      'src/socket/whole.ts': "export * as ecs from 'bitecs'",
      'src/socket/udp/world.ts': "export { type World } from 'bitecs'",
    }
    assert.equal(faultsOf({ ...stubs, ...planted }), [
      { file: 'src/socket/udp/world.ts', rule: arrow },
      { file: 'src/socket/value.ts', rule: arrow },
      { file: 'src/socket/whole.ts', rule: arrow },
      { file: 'src/socket/world.ts', rule: arrow },
    ])
  })
})

spec('floors: the list', (it) => {
  it('names rooms above and packages, nothing else', () => {
    for (const [room, words] of Object.entries(floors))
      for (const word of words) {
        if (word === 'anything' || word === 'everything above' || isPackage(word)) continue
        const named = word.replace(/^not /, '')
        const isAbove = (other: string): boolean =>
          words.includes('anything') || rooms.indexOf(other) < rooms.indexOf(room)
        const others = rooms.filter((other) => isNamedBy(named, other) && !twins.includes(other))
        assert.ok(others.length > 0, `${room}: no room is named ${named}`)
        const higher = others.filter((other) => !isAbove(other))
        assert.equal(higher, [], `${room}: ${named} is not above it`)
      }
  })

  it('is the one in docs/architecture.md', () => {
    const lines = Object.entries(floors).map(
      ([room, words]) => `${room}: ${words.join(', ') || 'nothing'}`,
    )
    assert.equal(linesOf(readFileSync('docs/architecture.md', 'utf8')), lines)
  })

  it('has a line for every folder that holds sources', () => {
    const folders = ['src', 'components', 'systems'].flatMap(foldersWithFiles)
    const missing = folders.filter((folder) => folder !== 'src' && !rooms.includes(folder))
    assert.equal(missing, [])
  })

  it('has a line for every file directly in src', () => {
    const files = readdirSync('src').filter((name) => statSync(`src/${name}`).isFile())
    assert.equal(
      files.map((name) => `src/${name}`).filter((file) => !rooms.includes(file)),
      [],
    )
  })

  it('has no line for what is gone', () => {
    assert.equal(
      rooms.filter((room) => !twins.includes(room) && !existsSync(room)),
      [],
    )
  })
})

/** The linter's faults in a tree of these files, in order. */
function faultsOf(files: Readonly<Record<string, string>>): Fault[] {
  const tree = new LintTree()
  try {
    tree.plant(files)
    return tree.lint().sort(byPlace)
  } finally {
    tree.remove()
  }
}

/** By file, then by rule. */
function byPlace(a: Fault, b: Fault): number {
  return `${a.file} ${a.rule}` < `${b.file} ${b.rule}` ? -1 : 1
}

/** The folder and those in it that hold files. */
function foldersWithFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  const inner = entries.filter((entry) => entry.isDirectory())
  return [
    ...(entries.some((entry) => entry.isFile()) ? [folder] : []),
    ...inner.flatMap(({ name }) => foldersWithFiles(`${folder}/${name}`)),
  ]
}

/** The list under "Who imports whom", a line for each room: without marks, line breaks and the sentences around it. */
function linesOf(page: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith('Who imports whom')) ?? ''
  const [list = ''] = /(^- `.*\n( {2}.*\n)*)+/m.exec(section) ?? []
  return list
    .replaceAll(/\n {2}/g, ' ')
    .replaceAll('`', '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(2))
}
