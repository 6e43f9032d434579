// Runs the tests that use time or processes again and again, three files at a time, and counts: a test that fails once in a
// hundred runs is broken. Every second run of a file is against dist. What has run, and what has failed, is kept in
// build/repeat.json, so that it goes on where it was stopped, for the same code.
//
//   node scripts/repeat.mjs [times, 100] [part of a path …]
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What makes a test depend on time or on other processes. */
const signs =
  /NodeProgram|CliProgram|DocumentProgram|withDocument|ChildProcess|spawn|fork\(|Worker\(|timers\/promises|setTimeout|performance\.now|startTicks|networkNamespace|standStill|stoppedPeers/
/** They start browsers, which take a core and more; CI runs them one at a time. */
const hasBrowser = /chromium|looks|browser|firstSteps/i
const record = join('build', 'repeat.json')
const limitMs = 240_000
const [first = '100', ...parts] = process.argv.slice(2)
const times = Number(first)
const code = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], { encoding: 'utf8' }).trim()
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.test.ts') && !path.endsWith('.long.test.ts'))
  .filter((path) => !hasBrowser.test(path) && signs.test(readFileSync(join('test', path), 'utf8')))
  .filter((path) => parts.length === 0 || parts.some((part) => path.includes(part)))
  .filter((path) => existsSync(builtAs(path, 0)))

const { runs, failed } = readRecord()
for (let round = 1; round <= times; round++) {
  const due = files.filter((file) => (runs[file] ?? 0) < round)
  if (due.length === 0) continue
  const started = performance.now()
  await Promise.all([due, due, due].map((queue) => work(queue)))
  const seconds = ((performance.now() - started) / 1_000).toFixed(0)
  console.log(`${round} of ${times}: ${seconds} s, ${failed.length} failures so far`)
}
console.log(`${files.length} files, ${times} times: ${failed.length} failures`)
process.exitCode = failed.length === 0 ? 0 : 1

async function work(queue) {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const before = runs[file] ?? 0
    const { isGood, output } = await run(builtAs(file, before))
    if (!isGood) {
      failed.push(`${file}, run ${before + 1}`)
      console.log(`FAIL ${failed.at(-1)}\n${output}`)
    }
    runs[file] = before + 1
    mkdirSync('build', { recursive: true })
    writeFileSync(record, `${JSON.stringify({ code, failed, runs }, null, 1)}\n`)
  }
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

function readRecord() {
  const known = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {}
  return known.code === code ? known : { runs: {}, failed: [] }
}
