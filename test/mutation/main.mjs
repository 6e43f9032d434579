// Mutation testing: how many small faults in the decoders, the queues, reliable UDP and the tick the tests would find.
//
//   npm run mutation                       all of them
//   npm run mutation -- protocol/Outbox    the files whose path contains a part, or those of a group; several parts allowed
//
// The mutants come from @stryker-mutator/instrumenter, the part of StrykerJS that all of its test runners share. It puts all
// mutants of a file into it at once, behind a switch, so that the test files are built once and not once for each mutant.
// StrykerJS itself has no runner for uvu; with its command runner it would build and run all the tests for each mutant.
//
// A test file runs once without a mutant, which shows which mutants it runs. Then it runs for each of them that is not killed
// yet, the quickest test file first, many in one process unless they are run as the module is loaded or the file opens
// sockets. The first case that fails kills the mutant. What is known stays in build/mutation as long as the source file and
// the test files are the same, so that a run that was stopped goes on.
//
// survivors.json judges each survivor (judge.mjs); one that it does not know makes the run fail.
import { mkdirSync, readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { judge, judgedElsewhere } from './judge.mjs'
import { buildTests, mutate } from './mutants.mjs'
import { coverageLimitMs, coverageOf, hung, runWithMutants } from './run.mjs'

/** Files that belong to several groups belong to the first. */
const groups = {
  queue: /^src\/event\/|^src\/(protocol\/Outbox|socket\/SendQueue)\.ts$/,
  reliable: /^src\/protocol\/reliable\//,
  decoder: /^src\/protocol\//,
  tick: /^systems\//,
}
/** How much of a processor's time the test files that are tried for one mutant may take together, without a mutant. */
const budgetMs = 10_000
const folder = join('build', 'mutation')
const resultsPath = join(folder, 'results.json')
const lanes = availableParallelism() + 1

const wanted = process.argv.slice(2)
const paths = ['src', 'systems']
  .flatMap((room) => readdirSync(room, { recursive: true }).map((path) => join(room, path)))
  .filter((path) => path.endsWith('.ts') && groupOf(path) !== undefined)
  .sort()
mkdirSync(folder, { recursive: true })
const results = existsSync(resultsPath) ? JSON.parse(readFileSync(resultsPath, 'utf8')) : {}

// All files have their mutants in each run: the built test files, and so what is known of them, are the same.
const mutated = []
for (const path of paths) mutated.push(await mutate(path))
const tests = await buildTests(mutated, join(folder, 'tests'))
await inLanes(tests, async (test) => {
  test.coverage = await coverageOf(test)
  if (!test.coverage.ok) console.log(`left out: ${test.name}: ${test.coverage.failed}`)
})

const chosen = mutated.filter(
  ({ path }) =>
    wanted.length === 0 || wanted.some((part) => path.includes(part) || part === groupOf(path)),
)
const testsByHash = new Map(tests.map((test) => [test.hash, test]))
const mutants = chosen.flatMap((file) => file.mutants)
for (const mutant of mutants) mutant.result = results[mutant.key] = knownOf(mutant)
for (const test of tests.toSorted((a, b) => rankOf(a) - rankOf(b))) await runTest(test)
await runThoseAtLoad(mutants.filter((mutant) => isAtLoad(mutant) && !isKilled(mutant)))
const wrong = [...chosen.flatMap((file) => judge(file, isKilled)), ...judgedElsewhere(paths)]
chosen.forEach(report)
summarize()
wrong.forEach((text) => console.log(text))
if (wrong.length > 0) process.exitCode = 1

function groupOf(path) {
  return Object.keys(groups).find((group) => groups[group].test(path))
}

/** Those that open sockets need a process for each mutant that they kill: they come last. */
function rankOf({ coverage: { cost, opensSockets } }) {
  return opensSockets ? cost + coverageLimitMs : cost
}

/** How many mutants a test file runs. */
function sizeOf({ coverage }) {
  return Object.keys(coverage.hits).length
}

/** What it takes to try a mutant: one that is run as the module is loaded takes a process of its own. */
function costOf({ coverage: { cost, atLoad } }, { id }) {
  return cost + (atLoad.has(id) ? 300 : 0)
}

/** What is known of a mutant, of the test files as they are. */
function knownOf({ id, key }) {
  const { passed = [], killer, file, by } = results[key] ?? {}
  if (testsByHash.has(killer)) return { passed, killer, file, by }
  const still = passed.filter((hash) => testsByHash.has(hash))
  const cost = still.reduce((sum, hash) => sum + costOf(testsByHash.get(hash), { id }), 0)
  return { passed: still, cost }
}

/** Whether a mutant is run as the module is loaded: it must be on before, in a process of its own. */
function isAtLoad({ id }) {
  return tests.some(({ coverage }) => coverage.hits[id] !== undefined && coverage.atLoad.has(id))
}

/** Whether a test file may still kill a mutant. */
function isLeft({ hash, coverage }, { id, result }) {
  return id in coverage.hits && result.killer === undefined && !result.passed.includes(hash)
}

function isAffordable({ coverage }, { result }) {
  return result.cost + coverage.cost <= budgetMs
}

/** Tries mutants that are run as modules are loaded: a process for each, which takes long. */
async function runThoseAtLoad(left) {
  let tried = 0
  await inLanes(left, async (mutant) => {
    await runAlone(mutant)
    save()
    if (++tried % 25 === 0) console.log(`at load: ${tried} of ${left.length}`)
  })
}

/** Tries a mutant in all test files of its folder, then in those that run little else. */
async function runAlone(mutant) {
  const folder = dirname(mutant.id).replace('src/', '')
  const isNear = ({ name }) => dirname(name) === folder
  const rank = (test) => (isNear(test) ? 0 : sizeOf(test))
  for (const test of tests.toSorted((a, b) => rank(a) - rank(b)))
    if (isLeft(test, mutant) && (isNear(test) || isAffordable(test, mutant)))
      await runBatch(test, [mutant])
}

/** Tries the mutants that a test file runs and no other has killed. */
async function runTest(test) {
  const { name } = test
  const left = mutants.filter(
    (mutant) => isLeft(test, mutant) && isAffordable(test, mutant) && !isAtLoad(mutant),
  )
  if (left.length === 0) return
  const started = performance.now()
  const size = Math.ceil(Math.min(left.length / lanes, 50))
  const batches = Array.from({ length: Math.ceil(left.length / size) }, (_, at) =>
    left.slice(at * size, (at + 1) * size),
  )
  await inLanes(batches, (batch) => runBatch(test, batch))
  save()
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${name}  ${left.filter(isKilled).length} of ${left.length} killed  ${seconds} s`)
}

async function runBatch(test, batch) {
  for (let left = batch; left.length > 0;) {
    const ids = left.map(({ id }) => id)
    const found = await runWithMutants(test, ids)
    if (found === undefined) {
      for (const mutant of left) await runBatch(test, [mutant])
      return
    }
    for (const { id, result } of left) {
      if (!found.has(id)) continue
      const by = found.get(id)
      if (isDoubtful(test, id, by, ids)) continue
      if (by !== undefined) Object.assign(result, { killer: test.hash, file: test.name, by })
      else {
        result.passed.push(test.hash)
        result.cost += costOf(test, { id })
      }
    }
    const again = left.filter(({ id }) => isDoubtful(test, id, found.get(id), ids))
    for (const mutant of again) await runBatch(test, [mutant])
    left = left.filter(({ id }) => !found.has(id))
  }
}

/**
 * Whether a mutant must be tried once more, by itself: something else may have slowed the machine down; and of a file that opens
 * sockets nobody has seen that its cases pass again in the same process.
 */
function isDoubtful({ coverage }, id, by, ids) {
  if (by === undefined || ids.length === 1) return false
  return by === hung || (coverage.opensSockets && id !== ids[0])
}

function report({ path, mutants }) {
  if (mutants.length === 0) return
  const killed = mutants.filter(isKilled)
  const share = percent(killed.length, mutants.length)
  console.log(`${path}  ${killed.length} of ${mutants.length} killed, ${share}`)
  for (const mutant of mutants.filter((mutant) => !isKilled(mutant))) {
    const { id, line, kind } = mutant
    const isCovered = tests.some(({ coverage }) => id in coverage.hits)
    const text = `${mutant.text}  ->  ${mutant.replacement}`
    const { is = isCovered ? 'SURVIVED' : 'NOT RUN', why } = mutant.judgement ?? {}
    console.log(`  ${is} ${line}  ${kind}  ${text}${why ? `  (${why})` : ''}`)
  }
}

function summarize() {
  console.log('')
  for (const group of Object.keys(groups)) {
    const files = chosen.filter(({ path }) => groupOf(path) === group)
    const mutants = files.flatMap((file) => file.mutants)
    if (mutants.length === 0) continue
    const killed = mutants.filter(isKilled).length
    const [equivalent, cost] = ['equivalent', 'cost'].map(
      (is) => mutants.filter(({ judgement }) => judgement?.is === is).length,
    )
    const rest = mutants.length - killed - equivalent - cost
    if (rest > 0) process.exitCode = 1
    console.log(
      `R-29: ${group}: ${killed} of ${mutants.length} killed, ${percent(killed, mutants.length)}; ` +
        `survivors: ${equivalent} equivalent, ${cost} cost alone, ${rest} not judged`,
    )
    if (killed / mutants.length < 0.9) process.exitCode = 1
  }
}

function isKilled({ result }) {
  return result.killer !== undefined
}

function percent(part, whole) {
  return `${((part / whole) * 100).toFixed(1)} %`
}

async function inLanes(items, work) {
  const queue = [...items]
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
    }),
  )
}

function save() {
  writeFileSync(resultsPath, JSON.stringify(results))
}
