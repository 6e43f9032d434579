// Makes the mutants of some source files and builds the test files that may kill them.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { build } from 'esbuild'

const here = import.meta.dirname
const wrappers = { uvu: join(here, 'uvu.mjs'), 'fast-check': join(here, 'fastCheck.mjs') }
const silent = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {} }

/** Tests of programs and documents use dist, and long ones take too long to be run once for a mutant. */
const isFast = (path) =>
  path.endsWith('.test.ts') &&
  !/\.long\.test|chromium|\/(bench|cli|demos|docs|games|interop|lint|mutation|site)\//i.test(path)

/**
 * The instrumenter's options: its mutants except texts for a person, which have a space in them or are what an error says.
 */
const options = {
  excludedMutations: [],
  plugins: null,
  noHeader: true,
  ignorers: [
    {
      shouldIgnore({ node, parent }) {
        const text = node.type === 'StringLiteral' ? node.value : templateText(node)
        return text?.includes(' ') ||
          (text !== undefined && parent?.callee?.name?.endsWith('Error'))
          ? 'a text for a person'
          : undefined
      },
    },
  ],
}

function templateText({ type, quasis }) {
  return type === 'TemplateLiteral' ? quasis.map(({ value }) => value.raw).join(' ') : undefined
}

/**
 * The mutants of a file, and its code with all of them. What the instrumenter calls to ask which mutant is on, and to count
 * which have been run, is replaced by numbers of this file alone (prelude.mjs): its own calls make the code ten times slower.
 */
export async function mutate(path) {
  const source = readFileSync(path, 'utf8')
  const input = { name: path, content: source, mutate: true }
  const { files, mutants } = await new Instrumenter(silent).instrument([input], options)
  const lines = source.split('\n')
  const code = files[0].content
    .replaceAll(/\bstryMutAct_\w+\("(\d+)"\)/g, '(mutantsHere.active === $1 && mutantsHere.hit())')
    .replaceAll(/\bstryCov_\w+\(((?:"\d+"(?:, )?)+)\)/g, (_, ids) => {
      const counts = ids.replaceAll(/"(\d+)"/g, 'mutantsHere.counts[$1]++')
      return `(${counts})`
    })
  const real = mutants.filter(({ status }) => status !== 'Ignored')
  const hash = hashOf(code)
  return {
    path,
    code: `const mutantsHere = globalThis.mutation.mutantsOf('${path}', ${mutants.length})\n${code}`,
    mutants: real.map(({ id, location: { start, end }, mutatorName, replacement }) => ({
      id: `${path}#${id}`,
      key: `${hash} ${path}#${id}`,
      line: start.line + 1,
      kind: mutatorName,
      /** Where it stands, as long as the line stays the same. */
      in: lines[start.line].trim(),
      text: oneLine(cut(lines, start, end)),
      replacement: oneLine(replacement),
    })),
  }
}

function oneLine(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 90 ? `${line.slice(0, 90)}…` : line
}

function cut(lines, start, end) {
  if (start.line === end.line) return lines[start.line].slice(start.column, end.column)
  const middle = lines.slice(start.line + 1, end.line)
  return [
    lines[start.line].slice(start.column),
    ...middle,
    lines[end.line].slice(0, end.column),
  ].join('\n')
}

/**
 * Builds the test files that contain one of the files. Returns the path and the hash of each. By the paths of tsconfig.json the
 * package's names mean its source, which has the mutants.
 */
export async function buildTests(mutated, outdir) {
  const codes = new Map(mutated.map(({ path, code }) => [resolve(path), code]))
  const entryPoints = readdirSync('test', { recursive: true })
    .map((path) => join('test', path))
    .filter((path) => !path.includes('node_modules') && isFast(path))
  const { metafile } = await build({
    entryPoints,
    outdir,
    outbase: 'test',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    metafile: true,
    logLevel: 'warning',
    external: ['bitecs', 'ws', 'pako', 'ts-morph', '@noble/hashes'],
    plugins: [
      {
        name: 'mutants',
        setup(builds) {
          builds.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = codes.get(path)
            return contents && { contents, loader: 'ts', resolveDir: dirname(path) }
          })
          builds.onResolve({ filter: /^(uvu|fast-check)$/ }, ({ path, importer }) =>
            dirname(importer) === here ? undefined : { path: wrappers[path] },
          )
        },
      },
    ],
  })
  return Object.entries(metafile.outputs)
    .filter(([, { inputs }]) => mutated.some(({ path }) => path in inputs))
    .map(([path]) => ({ name: relative(outdir, path), path, hash: hashOf(readFileSync(path)) }))
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
