// Runs built test files in a process of its own each, three at a time, each with a time limit, and adds up
// what uvu reports. Fails when a file fails, hangs, or neither runs nor skips a test.
//
//   node scripts/run-tests.mjs [part of a path …]   those whose path contains a part; without one all but the long ones, each
//                                                   once: against dist where it can run against both
//   node scripts/run-tests.mjs --long               the long ones (.long.test); again, against the source, those that ran
//                                                   against dist; and again, larger, those of rows of docs/reliability.md
//                                                   (.row.test)
//   node scripts/run-tests.mjs --all                all of them
//
// TEST_LIMIT_S is the time limit of a file in seconds, 240 if not set, 480 for long ones and rows. With VERBOSE=1 what passes is printed too.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'

const limitOf = (path) =>
  Number(process.env.TEST_LIMIT_S ?? (isLong(path) || size !== 'test' ? 480 : 240)) * 1_000
const folder = join('build', 'test')
const options = process.argv.slice(2)
const wanted = options.filter((option) => !option.startsWith('--'))
const isLong = (path) => path.endsWith('.long.test.js')
const isRow = (path) => path.endsWith('.row.test.js')
/** Of a test that imports the package by its name: it is built against dist, too. */
const isAgain = (path) =>
  path.startsWith(join(folder, 'source')) &&
  existsSync(path.replace(join(folder, 'source'), join(folder, 'dist')))
/** How much the rows do: test/lib/row.ts. */
const size = process.env.SIZE ?? (options.includes('--long') ? 'ci' : 'test')
/** They start browsers, or build the site in one place: one at a time, since each takes a core and more. */
const hasBrowser = (path) => /chromium|looks|browser|firstSteps|[/\\]site[/\\]/i.test(path)
const files = readdirSync(folder, { recursive: true })
  .map((path) => join(folder, path))
  .filter((path) => path.endsWith('.test.js') && isChosen(path))
  .sort()

const total = { passed: 0, failed: 0, skipped: 0 }
/** Seconds of all files of a folder of test/, for the budget in CONTRIBUTING.md. */
const secondsOf = new Map()
const started = performance.now()
let done = 0
const browsers = files.filter(hasBrowser)
const others = files.filter((path) => !hasBrowser(path))
const lanes = Math.min(3, availableParallelism() + 1)
await Promise.all([
  work([browsers, others]),
  ...Array.from({ length: lanes - 1 }, () => work([others])),
])

if (wanted.length === 0) reportFolders()
console.log('')
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (total.failed > 0 || total.passed === 0) process.exit(1)

function isChosen(path) {
  if (wanted.length > 0) return wanted.some((part) => path.includes(part))
  if (options.includes('--all')) return true
  if (options.includes('--long')) return isLong(path) || isRow(path) || isAgain(path)
  return !isLong(path) && !isAgain(path)
}

/** Runs the files of some queues, one after the other. */
async function work(queues) {
  for (const queue of queues)
    for (let file = queue.shift(); file !== undefined; file = queue.shift())
      report(file, await runFile(file))
}

function runFile(file) {
  return new Promise((resolve) => {
    const limitMs = limitOf(file)
    const started = performance.now()
    const child = spawn(process.execPath, ['--enable-source-maps', '--expose-gc', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SIZE: size, FORCE_COLOR: '0' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += chunk))
    let hung = false
    const timer = setTimeout(() => {
      hung = true
      child.kill('SIGKILL')
    }, limitMs)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, hung, output, seconds: (performance.now() - started) / 1000 })
    })
  })
}

function reportFolders() {
  const parts = [...secondsOf].sort(([, a], [, b]) => b - a)
  const all = (performance.now() - started) / 1000
  console.log('')
  console.log(`Seconds of the files of a folder, ${lanes} at a time, in ${all.toFixed(0)} s:`)
  console.log(parts.map(([part, seconds]) => `${part} ${seconds.toFixed(0)}`).join(', '))
}

function report(file, { code, signal, hung, output, seconds }) {
  const count = (label) => Number(new RegExp(`${label}:\\s+(\\d+)`).exec(output)?.[1] ?? 0)
  const tests = count('Total')
  const passed = count('Passed')
  const skipped = count('Skipped')
  const [, , , part] = file.split(sep)
  secondsOf.set(part, (secondsOf.get(part) ?? 0) + seconds)
  const ok = code === 0 && tests + skipped > 0 && passed === tests
  const failed = ok ? 0 : Math.max(1, tests - passed)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  const place = `${++done} of ${files.length}`.padStart(10)
  console.log(
    `${ok ? 'ok  ' : 'FAIL'} ${place}  ${file}  ${passed}/${tests}  ${seconds.toFixed(1)} s`,
  )
  if (ok) {
    for (const [line] of output.matchAll(/^skipped: .*/gm)) console.log(`     ${line}`)
    if (process.env.VERBOSE === '1') console.log(output)
    return
  }
  console.log(output)
  if (hung)
    console.log(`  stopped after ${limitOf(file) / 1000} s: something kept the process alive`)
  else if (tests === 0) console.log(`  no test ran (exit code ${code}, signal ${signal})`)
}
