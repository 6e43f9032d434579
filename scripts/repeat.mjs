// Runs the tests that use time or processes again and again, three files at a time, and counts: a test that fails once in a
// hundred runs is broken. Every second run of a file is against dist, where it can be. What has run, and what has failed, is kept
// in build/repeat.json, so that it goes on where it was stopped; a file whose code, or that of the programs it starts, is another
// begins again.
//
//   node scripts/repeat.mjs [times, 100] [part of a path …]
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/** What makes a test depend on time or on other processes. */
const signs =
  /NodeProgram|CliProgram|DocumentProgram|withDocument|ChildProcess|spawn|fork\(|Worker\(|timers\/promises|setTimeout|performance\.now|startTicks|networkNamespace|standStill|stoppedPeers/
/** It starts programs, which use dist: the command line, those of documents, demos. */
const startsPrograms = /CliProgram|DocumentProgram|NodeProgram|withDocument/
/** They start browsers, which take a core and more; CI runs them one at a time. */
const hasBrowser = /chromium|looks|browser|firstSteps/i
/** Long tests that take less than a minute. */
const quickLong =
  /^(cli|content)\/|^recording\/cli|^(docs\/(gameLoops|lanDiscovery|porting|recipes|simulation|tick|transports)|transport\/webSocketTls|network\/webSocketCrowd|demos\/(gamemakerProgram|arena\/program)|gml\/games\/games)\.long/
const record = join('build', 'repeat.json')
const limitMs = 240_000
const [first = '100', ...parts] = process.argv.slice(2)
const times = Number(first)
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => !path.endsWith('.long.test.ts') || quickLong.test(path))
  .filter((path) => !hasBrowser.test(path) && signs.test(readFileSync(join('test', path), 'utf8')))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .filter((path) => existsSync(builtAs(path, 0)))

/** What is known of each file: its code, how often that has run, and which of the runs have failed. */
const known = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {}
for (let round = 1; round <= times; round++) {
  const due = files.filter((file) => knownOf(file).count < round)
  if (due.length === 0) continue
  const started = performance.now()
  await Promise.all([due, due, due].map((queue) => work(queue)))
  const seconds = ((performance.now() - started) / 1_000).toFixed(0)
  console.log(`${round} of ${times}: ${seconds} s, ${failures()} failures so far`)
}
console.log(`${files.length} files, ${times} times: ${failures()} failures`)
process.exitCode = failures() === 0 ? 0 : 1

async function work(queue) {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const { code, count, failed } = knownOf(file)
    const { isGood, output } = await run(builtAs(file, count))
    if (!isGood) {
      failed.push(count + 1)
      console.log(`FAIL ${file}, run ${count + 1}\n${output}`)
    }
    known[file] = { code, count: count + 1, failed }
    mkdirSync('build', { recursive: true })
    writeFileSync(record, `${JSON.stringify(known, null, 1)}\n`)
  }
}

function failures() {
  return files.reduce((sum, file) => sum + knownOf(file).failed.length, 0)
}

function run(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', '--expose-gc', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SIZE: 'test', FORCE_COLOR: '0' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += chunk))
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      resolve({ isGood: exitCode === 0, output })
    })
  })
}

function builtAs(path, before) {
  const [source, dist] = ['source', 'dist'].map((build) =>
    join('build', 'test', build, path.replace(/\.ts$/, '.js')),
  )
  return before % 2 === 1 && existsSync(dist) ? dist : source
}

function knownOf(file) {
  const code = codeOf(file)
  return known[file]?.code === code ? known[file] : { code, count: 0, failed: [] }
}

/** What a test file runs: its bundle has the source; it or the programs that it starts may use dist. */
function codeOf(file) {
  const used = startsPrograms.test(readFileSync(join('test', file), 'utf8'))
    ? [...builtFiles('dist'), ...builtFiles(join('build', 'demos', file.split('/')[1] ?? ''))]
    : importedFrom(builtAs(file, 1))
  return hashOf([builtAs(file, 0), ...used])
}

/** The files of dist that a built file imports, and those that they import. */
function importedFrom(path, found = new Set()) {
  for (const [, name] of readFileSync(path, 'utf8').matchAll(/\bfrom\s*"([^"]+)"/g)) {
    const face = /^bitecs-networking(?:\/(\w+))?$/.exec(name)
    const target = face ? join('dist', `${face[1] ?? 'index'}.js`) : join(dirname(path), name)
    if (found.has(target) || !target.startsWith(`dist${sep}`) || !existsSync(target)) continue
    found.add(target)
    importedFrom(target, found)
  }
  return [...found]
}

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(readFileSync(path))
  return hash.digest('hex').slice(0, 16)
}

function builtFiles(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .sort()
    .map((path) => join(folder, path))
}
