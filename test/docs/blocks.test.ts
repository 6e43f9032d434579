import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as assert from 'uvu/assert'
import { namedBlocksOf } from '../lib/DocumentPrograms.ts'
import { blocksOf } from '../lib/documentBlocks.ts'
import { spec } from '../spec.ts'

// Every block of code in every document is compiled, run or looked at by some test. This one finds those that none knows.

/** Which test runs the programs of a document. */
const runBy: Readonly<Record<string, string>> = {
  'README.md': 'readme.test.ts',
  'docs/first-steps.md': 'firstSteps.test.ts',
  'docs/porting.md': 'porting.long.test.ts',
  'docs/cli.md': 'recording.test.ts',
  'docs/recording.md': 'recording.test.ts',
  'docs/replication.md': 'replication.test.ts',
  'docs/simulation.md': 'simulation.long.test.ts',
  'docs/testing.md': 'testing.test.ts',
  'docs/tick.md': 'tick.long.test.ts',
  'docs/transports.md': 'transports.long.test.ts',
  'docs/recipes/chat.md': 'recipes.long.test.ts',
  'docs/recipes/docker.md': 'recipes.long.test.ts',
  'docs/recipes/game-loops.md': 'gameLoops.long.test.ts',
  'docs/recipes/lan-discovery.md': 'lanDiscovery.long.test.ts',
  'docs/recipes/lobby.md': 'recipes.long.test.ts',
  'docs/recipes/nginx.md': 'nginx.test.ts',
  'docs/recipes/reconnect.md': 'recipes.long.test.ts',
  'SECURITY.md': 'security.test.ts',
}

/** These programs have no names, and their tests count them. The guide's are pieces, which its test puts together. */
const withoutNames = ['README.md', 'docs/porting.md']

/** Languages other than those of programs, and where else their blocks may stand. */
const otherBlocks: Readonly<Record<string, readonly string[]>> = {
  sh: ['README.md', 'docs/cli.md', 'docs/first-steps.md', 'docs/porting.md'],
  gml: ['README.md', 'docs/porting.md'],
  text: ['docs/first-steps.md', 'docs/simulation.md'],
  html: ['docs/first-steps.md'],
  json: ['docs/cli.md'],
  ini: ['SECURITY.md'],
  nginx: ['docs/recipes/nginx.md'],
  dockerfile: ['docs/recipes/docker.md'],
  yaml: ['docs/recipes/docker.md'],
}

const programLanguages = ['ts', 'js']

const compilerOptions = {
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  // Handlers name arguments that they do not use, and a piece of a program may be all there is.
  noUnusedParameters: false,
  noUnusedLocals: false,
  isolatedDeclarations: false,
  declaration: false,
}

/** Who writes JavaScript has an editor that knows types, but is not held to them. */
const javaScript = {
  allowJs: true,
  checkJs: true,
  strict: false,
  noUncheckedIndexedAccess: false,
  exactOptionalPropertyTypes: false,
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name).replaceAll('\\', '/'),
  )
}

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...[...filesIn('docs'), ...filesIn('demos')].filter(
    // The site has the documents, and none of its own but its front page, which has no code.
    (name) => name.endsWith('.md') && !name.startsWith('docs/site/'),
  ),
]

function languagesOf(document: string): string[] {
  const marks = readFileSync(document, 'utf8').matchAll(/^```(\w+)$/gm)
  return [...new Set([...marks].map(([, language]) => language!))]
}

spec('code in documents', (it) => {
  it('stands in documents that are found', () => {
    for (const name of [
      'README.md',
      'docs/tick.md',
      'docs/recipes/lobby.md',
      'demos/arena/README.md',
    ])
      assert.ok(documents.includes(name), name)
  })

  for (const document of documents)
    for (const language of languagesOf(document))
      it(`${document} :: ${language} is known to a test`, () => {
        if (!programLanguages.includes(language)) {
          assert.ok(otherBlocks[language]?.includes(document), `${language} in ${document}`)
          return
        }
        const test = runBy[document]
        assert.ok(test !== undefined, `no test runs the programs of ${document}`)
        if (withoutNames.includes(document)) return
        const named = [...namedBlocksOf(document).keys()].filter((name) =>
          /\.(ts|m?js)$/.test(name),
        )
        const count = programLanguages.flatMap((each) => blocksOf(document, each)).length
        assert.is(
          named.length,
          count,
          'each begins with a comment that names it, another name each',
        )
        const source = readFileSync(join('test', 'docs', test), 'utf8')
        for (const name of named) assert.match(source, name.replace(/\.\w+$/, ''))
      })

  for (const language of programLanguages)
    it(`${language} :: compiles as a user would have it`, () => {
      const folder = join('build', 'documents', `types-${language}`)
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      let count = 0
      const add = (name: string, code: string): void => {
        writeFileSync(join(folder, name), code)
        count++
      }
      // The programs of these import each other by their names.
      const together = ['docs/first-steps.md', 'docs/replication.md']
      const blocks = documents
        .filter((document) => document !== 'docs/porting.md' && !together.includes(document))
        .flatMap((document) => blocksOf(document, language))
      if (language === 'js')
        for (const document of together) {
          const place = document.replaceAll(/\W/g, '-')
          mkdirSync(join(folder, place))
          const programs = [...namedBlocksOf(document)].filter(([name]) => name.endsWith('.mjs'))
          assert.is(programs.length, blocksOf(document, language).length)
          for (const [name, code] of programs) add(join(place, name), `${code}\nexport {}\n`)
        }
      // Modules, also where nothing is imported.
      for (const [index, code] of blocks.entries())
        add(`program-${index}.${language === 'js' ? 'mjs' : 'ts'}`, `${code}\nexport {}\n`)
      assert.ok(count > 3)
      add('libraries.d.ts', libraries)
      const config = {
        extends: '../../../tsconfig.json',
        compilerOptions: { ...compilerOptions, ...(language === 'js' && javaScript) },
        include: ['**/*'],
        exclude: [],
      }
      add('tsconfig.json', JSON.stringify(config))
      const typescript = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')))
      const tsc = join(typescript, 'bin', 'tsc')
      const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
      assert.is(stdout, '')
    })
})

spec('other code in documents', (it) => {
  it('sh :: names scripts, files and commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }
    const commands = documents
      .flatMap((document) => blocksOf(document, 'sh').join('').split('\n'))
      .map((line) => line.replace(/#.*$/, '').trim())
      .filter((line) => line !== '')
    assert.ok(commands.length > 10)
    for (const command of commands) {
      const script = /^npm run (\S+)/.exec(command)?.[1]
      if (script !== undefined) assert.ok(script in scripts, command)
      assert.match(command, /^(npm|npx|node|cd|mkdir|echo) /)
    }
  })

  it('json :: can be read, line by line', () => {
    for (const line of blocksOf('docs/cli.md', 'json').join('').trim().split('\n')) JSON.parse(line)
  })

  it('dockerfile :: copies what the recipe tells of, and has a Node that is new enough', () => {
    const dockerfile = blocksOf('docs/recipes/docker.md', 'dockerfile').join('')
    const { engines, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      engines: { node: string }
      version: string
    }
    const node = Number(/^FROM node:(\d+)-/m.exec(dockerfile)![1])
    assert.ok(node > Number(/\d+/.exec(engines.node)![0]))
    const copied = [...dockerfile.matchAll(/^COPY (.+) \.\/$/gm)].flatMap(([, names]) =>
      names!.split(' '),
    )
    assert.equal(copied, [
      'package.json',
      'package-lock.json',
      `bitecs-networking-${version}.tgz`,
      'server.mjs',
    ])
    assert.match(dockerfile, '\nCMD ["node", "server.mjs"]\n')
    const server = namedBlocksOf('docs/recipes/docker.md').get('server.mjs')!
    const compose = blocksOf('docs/recipes/docker.md', 'yaml').join('')
    for (const [port, protocol] of [
      [6510, 'tcp'],
      [6511, 'udp'],
    ] as const) {
      assert.match(server, `SocketType.${protocol}, ${port}`)
      assert.match(/^EXPOSE .*$/m.exec(dockerfile)![0], `${port}/${protocol}`)
      assert.match(compose, `'${port}:${port}/${protocol}'`)
    }
  })
})

/** What the recipes use of libraries that are not installed, as their manuals have it. */
const libraries = `
declare module 'three' {
  export class Object3D {
    readonly position: { z: number; set(x: number, y: number, z: number): unknown }
    add(...objects: Object3D[]): this
    removeFromParent(): this
  }
  export class Scene extends Object3D {}
  export class PerspectiveCamera extends Object3D {
    constructor(fov?: number, aspect?: number)
  }
  export class BoxGeometry { private width: number }
  export class MeshNormalMaterial { private wireframe: boolean }
  export class Mesh extends Object3D {
    constructor(geometry: BoxGeometry, material: MeshNormalMaterial)
  }
  export class WebGLRenderer {
    readonly domElement: HTMLCanvasElement
    setSize(width: number, height: number): void
    setAnimationLoop(callback: ((time: number, frame?: unknown) => void) | null): void
    render(scene: Scene, camera: PerspectiveCamera): void
  }
}
declare module 'phaser' {
  export class Scene {
    update(time: number, delta: number): void
  }
  export class Game {
    constructor(config: { width: number; height: number; scene: typeof Scene })
  }
}
declare module 'pixi.js' {
  export enum UPDATE_PRIORITY { HIGH = 25, NORMAL = 0, LOW = -25 }
  export class Ticker {
    deltaMS: number
    add<T>(fn: (this: T, ticker: Ticker) => unknown, context?: T, priority?: UPDATE_PRIORITY): this
  }
  export class Application {
    readonly canvas: HTMLCanvasElement
    ticker: Ticker
    init(options: { width: number; height: number }): Promise<void>
  }
}
`
