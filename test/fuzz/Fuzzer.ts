// Structure-aware fuzzing. What a target does follows from its input alone, which is bytes, and each input of a run from one
// number: `SEED` of a failure repeats it.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { figure, rowSeed } from '../lib/row.ts'
import { turns } from '../lib/until.ts'
import { Draw } from './Draw.ts'
import { mutate } from './mutate.ts'

/** A decoder under any bytes. */
export interface Target {
  /** Also the folder of its corpus. */
  readonly name: string
  /** Draws an input that is right but for little. */
  readonly draw: (draw: Draw) => Uint8Array
  /** What is put into inputs at random. */
  readonly tokens?: readonly Uint8Array[]
  /**
   * Runs an input and checks all that holds of any. Returns what became of it in a word.
   *
   * @throws what the decoder must not throw, or an assertion
   */
  readonly run: (input: Uint8Array) => string
  /** What becomes of at least one input in a thousand. */
  readonly outcomes: readonly string[]
}

const mebibyte = 1024 * 1024
/** No input may take longer. */
const inputMsMax = 50
const heapGrowthMax = 4 * mebibyte
const residentBytesMax = 512 * mebibyte
/** Inputs before memory is measured: what is compiled and kept for good is there then. */
const warmUp = 2_000
/** Where inputs are kept that a target failed on; those that a mended fault came from belong into the corpus. */
const failures = join('build', 'fuzz')

/** Runs the corpus of a target and then `count` random inputs. */
export async function fuzz(target: Target, count: number): Promise<void> {
  const { name, outcomes } = target
  const corpus = readCorpus(name)
  assert.ok(corpus.length >= 5, `${name} has a corpus`)
  for (const { file, bytes } of corpus) runOne(target, bytes, file)
  const tally = new Map<string, number>()
  const slow: Slow[] = []
  let before = 0
  const started = performance.now()
  for (let index = 0; index < count; index++) {
    const seed = (rowSeed + index) >>> 0
    const input = drawInput(target, corpus, seed)
    const startMs = performance.now()
    const outcome = runOne(target, input, `SEED=${seed}`)
    if (performance.now() - startMs > inputMsMax / 2) slow.push({ seed, input })
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1)
    if (index === Math.min(warmUp, count >> 1)) before = await settledHeap()
    // What waits in the event loop holds memory.
    if (index % 1_000 === 0) await turns(1)
  }
  const seconds = (performance.now() - started) / 1_000
  const grown = (await settledHeap(before + heapGrowthMax)) - before
  const tooSlow = slow
    .map(({ seed, input }) => ({ seed, ms: cpuMsOf(target, input) }))
    .filter(({ ms }) => ms >= inputMsMax)
  const resident = process.resourceUsage().maxRSS * 1_024
  figure(
    'R-02',
    `${name}: ${corpus.length} of the corpus and ${count} inputs, 0 bad, ${Math.round(count / seconds)} a second, ` +
      `heap ${mebibytes(grown)}, at most ${mebibytes(resident)} in memory; ${[...tally].map((each) => each.join(' ')).join(', ')}`,
  )
  assert.equal(tooSlow, [], `${name}: inputs that take too long`)
  assert.ok(grown <= heapGrowthMax, `${name}: the heap has grown by ${mebibytes(grown)}`)
  assert.ok(resident < residentBytesMax, `${name}: ${mebibytes(resident)} in memory`)
  for (const outcome of outcomes)
    assert.ok((tally.get(outcome) ?? 0) >= count / 1_000, `${name}: too few inputs are ${outcome}`)
}

/** An input that took long, which says little on a machine that does other work. */
interface Slow {
  readonly seed: number
  readonly input: Uint8Array
}

interface CorpusFile {
  readonly file: string
  readonly bytes: Uint8Array
}

function readCorpus(name: string): CorpusFile[] {
  const folder = join('test', 'fuzz', 'corpus', name)
  return readdirSync(folder)
    .sort()
    .map((each) => join(folder, each))
    .map((file) => ({ file, bytes: new Uint8Array(readFileSync(file)) }))
}

/** Most are drawn by what the target knows; others are changed, or come from the corpus. */
function drawInput(target: Target, corpus: readonly CorpusFile[], seed: number): Uint8Array {
  const draw = new Draw(seed)
  const share = draw.below(20)
  const { tokens = [] } = target
  if (share === 0) return draw.bytes(draw.size(200))
  if (share < 11) return target.draw(draw)
  if (share < 16) return mutate(target.draw(draw), draw, tokens)
  const { bytes } = draw.one(corpus)
  if (share < 19) return mutate(bytes, draw, tokens)
  const other = draw.isLucky(0.5) ? draw.one(corpus).bytes : target.draw(draw)
  const front = bytes.subarray(0, draw.below(bytes.length + 1))
  return Uint8Array.of(...front, ...other.subarray(draw.below(other.length + 1)))
}

function runOne(target: Target, input: Uint8Array, from: string): string {
  try {
    return target.run(input)
  } catch (error) {
    mkdirSync(failures, { recursive: true })
    const file = join(failures, `${target.name}-${from.replaceAll(/\W/g, '-')}`)
    writeFileSync(file, input)
    const hex = Buffer.from(input.subarray(0, 2_000)).toString('hex')
    console.log(`${target.name}: ${from}, ${input.length} bytes in ${file}: ${hex}`)
    throw error
  }
}

/** Milliseconds of the processor that an input takes: the least of three runs. */
function cpuMsOf({ run }: Target, input: Uint8Array): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage()
    run(input)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...runs)
}

/** What is left when all that can go has gone; asked again while it is more than expected, as some goes late. */
async function settledHeap(expectedMax = Infinity): Promise<number> {
  let left = Infinity
  for (let tries = 0; tries === 0 || (left > expectedMax && tries < 5); tries++) {
    globalThis.gc?.()
    await delay(tries * 100)
    globalThis.gc?.()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    left = heapUsed + arrayBuffers
  }
  return left
}

function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}
