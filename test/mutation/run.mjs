// Runs a built test file in a process of its own, without a mutant or for some of them, one after the other.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const prelude = join(import.meta.dirname, 'prelude.mjs')
/** A test file that takes longer without a mutant is left out. */
export const coverageLimitMs = 60_000
/** What killed a mutant that ended the process, or took far more time than the file does without one. */
export const hung = 'a crash, or time'
const coverageFolder = join('build', 'mutation', 'coverage')
mkdirSync(coverageFolder, { recursive: true })

/**
 * What a test file does without a mutant: its time, that of the processor, and how often it runs each mutant. Kept, since it
 * is the same as long as the built file is. A file that fails or takes too long covers nothing.
 */
export async function coverageOf({ path, hash }) {
  const kept = join(coverageFolder, `${hash}.json`)
  if (!existsSync(kept)) {
    const raw = join(coverageFolder, `${hash}.raw`)
    const ms = await runFile(path, coverageLimitMs, { COVERAGE: raw })
    if (!existsSync(raw)) return { ok: false, failed: 'ends or takes too long', cost: 0, hits: {} }
    const counted = JSON.parse(readFileSync(raw, 'utf8'))
    writeFileSync(kept, JSON.stringify({ ...counted, ms: Math.round(ms) }))
    rmSync(raw)
  }
  const coverage = JSON.parse(readFileSync(kept, 'utf8'))
  if (!coverage.ok) coverage.hits = {}
  coverage.atLoad = new Set(coverage.atLoad)
  return coverage
}

/**
 * Runs a test file for some mutants. Returns, for each that was tried, what killed it, `undefined` if nothing did; or
 * nothing, if one of them made the file fail without a mutant too.
 */
export async function runWithMutants({ path, coverage }, ids) {
  const limitMs = coverage.ms * 5 + 5_000
  const items = ids.map((id) => `${id}*${coverage.hits[id] * 100 + 100_000}`)
  const results = new Map()
  let isClean = true
  const env = { MUTANTS: items.join(','), ONE_KILL: coverage.opensSockets ? '1' : '0' }
  await runFile(path, limitMs, env, (message) => {
    if (message.id === undefined) ({ isClean } = message)
    else results.set(message.id, message.failed)
  })
  if (!isClean) return undefined
  const isStopped =
    [...results.values()].some((failed) => failed !== undefined) && coverage.opensSockets
  // It was the next that ended the process or made it hang.
  if (!isStopped && results.size < ids.length) results.set(ids[results.size], hung)
  return results
}

/** Stops a file that prints no result for `limitMs`. Returns how long it took. */
function runFile(path, limitMs, env, take = () => {}) {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(process.execPath, ['--expose-gc', '--import', prelude, path], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, SEED: '1', SIZE: 'test', ...env },
    })
    const stop = () => child.kill('SIGKILL')
    let timer = setTimeout(stop, limitMs)
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('mutant: ')) return
      clearTimeout(timer)
      timer = setTimeout(stop, limitMs)
      take(JSON.parse(line.slice('mutant: '.length)))
    })
    child.on('close', () => {
      clearTimeout(timer)
      resolve(performance.now() - started)
    })
  })
}
