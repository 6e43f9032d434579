// Builds the package and what runs beside it.
//
//   node esbuild.mjs            dist/ (Node and browser) and build/ (demos, benchmarks, tests)
//   node esbuild.mjs --types    the same, and the declaration files
//   node esbuild.mjs --budget   measures the main face minified and gzipped, fails above its budget
//
// One ESM build with code splitting per platform: components are compared by reference, so all entry
// points of a program must share one copy of them.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { buildDemoPage } from './scripts/demo-page.mjs'

const flags = new Set(process.argv.slice(2))

const mainFace = { index: 'src/index.ts' }
const faces = {
  ...mainFace,
  gml: 'src/gml.ts',
  testing: 'src/testing.ts',
  traffic: 'src/traffic.ts',
  simulation: 'src/simulation.ts',
  recording: 'src/recording.ts',
  replication: 'src/replication.ts',
}

/** The command line: package.json's "bin". */
const program = { cli: 'src/cli/main.ts' }

const shared = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  splitting: true,
  sourcemap: true,
  packages: 'external',
  chunkNames: 'chunks/[hash]',
  logLevel: 'warning',
  metafile: true,
  // tsconfig.json maps the package's name to its source for the type checker; programs get it from dist.
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
}
/** What programs import the faces as. */
const faceNames = new Set(
  Object.keys(faces).map((face) =>
    face === 'index' ? 'bitecs-networking' : `bitecs-networking/${face}`,
  ),
)

const forNode = { ...shared, platform: 'node' }
const forBrowser = { ...shared, platform: 'browser' }

/** What a browser game that is a client imports. */
const client = `export {
  createSocket, connectSocket, destroySocket, sendPacket, onNetworking, NetworkSystem,
  createBuffer, readBuffer, writeBuffer, seekBuffer, BufferKind, BufferType,
  Socket, Connected, Disconnected, NetworkType, SocketType, NetworkError,
} from './src/index.ts'`

/** What a page of a game imports that has the server's entities in its world. */
const replicatingClient = `${client}
export {
  InterpolationSystem, joinReplication, OwnedBy, range, replicate, ReplicationSystem, Shown, shown, u16,
} from './src/replication.ts'`

const everything = (face) => `export * from './src/${face}.ts'`

/** KiB allowed, minified and gzipped, without dependencies; docs/performance.md tells the goals. */
const budgets = [
  { name: 'Node face', options: { ...forNode, entryPoints: mainFace }, kib: 45.3 },
  { name: 'browser face', options: { ...forBrowser, entryPoints: mainFace }, kib: 29.8 },
  { name: 'gml face', options: { ...forNode, entryPoints: { gml: faces.gml } }, kib: 57.3 },
  {
    name: 'browser client, tree-shaken',
    options: { ...forBrowser, stdin: { contents: client, resolveDir: '.' } },
    kib: 21.75,
  },
  {
    name: 'browser client that replicates, tree-shaken',
    options: { ...forBrowser, stdin: { contents: replicatingClient, resolveDir: '.' } },
    kib: 40.6,
  },
  {
    name: 'browser face with replication',
    options: {
      ...forBrowser,
      stdin: { contents: `${everything('index')}\n${everything('replication')}`, resolveDir: '.' },
    },
    kib: 59.1,
  },
]

/**
 * Leaves the codecs in a file of their own, beside the faces and chunks of the browser build: a bundler drops it, with its
 * libraries, from a game that does not use it.
 */
const codecsApart = {
  name: 'codecs apart',
  setup({ onResolve }) {
    const codecs = { path: './codecs.js', external: true, sideEffects: false }
    onResolve({ filter: /^#codecs$/ }, () => codecs)
  },
}

if (flags.has('--budget')) await checkBudgets()
else await buildAll()

async function buildAll() {
  for (const folder of ['dist', 'build/bench', 'build/demos', 'build/test'])
    rmSync(folder, { recursive: true, force: true })
  await build({ ...forNode, entryPoints: { ...faces, ...program }, outdir: 'dist' })
  await buildBrowserFace({ outdir: 'dist/browser' })
  dropBareImports('dist')
  await buildPrograms('demos', (path) => path.endsWith('main.ts'))
  for (const page of ['demos/arena/page', 'demos/replication/page', 'demos/simulation/page'])
    await buildDemoPage(page, join('build', page))
  await buildPrograms('bench', (path) => dirname(path) === 'bench')
  await buildTests()
  if (flags.has('--types')) run('tsc', ['-p', 'tsconfig.build.json'])
}

/**
 * Chunks have no side effects, yet esbuild imports some for nothing but their order, and would warn whoever bundles the package.
 * The lines stay, for the source maps.
 */
function dropBareImports(folder) {
  for (const file of filesIn(folder).filter((path) => path.endsWith('.js'))) {
    const code = readFileSync(file, 'utf8')
    const without = code.replaceAll(/^import "\.\/[^"]+";$/gm, '')
    if (without !== code) writeFileSync(file, without)
  }
}

/** Builds the browser face and refuses one that needs a Node module. */
async function buildBrowserFace(options) {
  const codecs = { codecs: 'src/content/codecs.browser.ts' }
  const ofCodecs = await build({ ...forBrowser, entryPoints: codecs, ...options })
  const apart = { chunkNames: '[hash]', plugins: [codecsApart] }
  const result = await build({ ...forBrowser, ...apart, entryPoints: faces, ...options })
  const nodeNames = new Set(builtinModules)
  const outputs = { ...ofCodecs.metafile.outputs, ...result.metafile.outputs }
  for (const [file, { imports }] of Object.entries(outputs))
    for (const { path, external } of imports)
      if (external && (path.startsWith('node:') || nodeNames.has(path)))
        throw new Error(`${file} imports ${path}: the browser face must not need a Node module`)
  return result
}

async function buildPrograms(folder, isProgram) {
  const entryPoints = filesIn(folder).filter(isProgram)
  if (entryPoints.length === 0) return
  await build({ ...forNode, entryPoints, outdir: `build/${folder}`, outbase: folder })
}

/**
 * The tests run against the source, and those that import the package by its name only run again
 * against dist; but those that start built programs run once, since the programs use dist in any case.
 */
async function buildTests() {
  const ofSourceOrPrograms = /^(src|components|systems)\/|\/(Cli|Document|Node)Programs?\.ts$/
  const entryPoints = filesIn('test').filter((path) => path.endsWith('.test.ts'))
  if (entryPoints.length === 0) return
  // A process a file: what it loads is small, so that most of the time goes into tests.
  const options = { ...forNode, outbase: 'test', splitting: false, sourcesContent: false }
  const alias = {
    'bitecs-networking': './src/index.ts',
    'bitecs-networking/gml': './src/gml.ts',
    'bitecs-networking/testing': './src/testing.ts',
    'bitecs-networking/traffic': './src/traffic.ts',
    'bitecs-networking/simulation': './src/simulation.ts',
    'bitecs-networking/recording': './src/recording.ts',
    'bitecs-networking/replication': './src/replication.ts',
  }
  const source = { alias, outdir: 'build/test/source' }
  await build({ ...options, ...source, entryPoints })
  const probe = await build({
    ...options,
    entryPoints,
    outdir: 'build',
    write: false,
    sourcemap: false,
  })
  const ofTheFace = Object.values(probe.metafile.outputs)
    .filter(({ imports }) => imports.some(({ path }) => faceNames.has(path)))
    .filter(({ inputs }) => !Object.keys(inputs).some((path) => ofSourceOrPrograms.test(path)))
    .map(({ entryPoint }) => entryPoint)
  await build({ ...options, entryPoints: ofTheFace, outdir: 'build/test/dist' })
}

async function checkBudgets() {
  let failed = false
  for (const { name, options, kib } of budgets) {
    const outdir = join('build', 'budget')
    const minified = { ...options, outdir, minify: true, sourcemap: false }
    const { outputFiles } = await build({ ...minified, write: false })
    const bytes = gzipSync(Buffer.concat(outputFiles.map(({ contents }) => contents))).length
    const over = bytes > kib * 1024
    console.log(
      `${name}: ${(bytes / 1024).toFixed(1)} KiB gzipped of ${kib}${over ? '  TOO LARGE' : ''}`,
    )
    failed ||= over
  }
  if (failed) process.exit(1)
}

function filesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative('.', join(entry.parentPath ?? entry.path, entry.name)))
  } catch {
    return []
  }
}

function run(command, args) {
  const { status } = spawnSync('npx', ['--no-install', command, ...args], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
