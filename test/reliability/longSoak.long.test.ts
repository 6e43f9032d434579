// Two servers with every transport, 200 peers in four processes that come, talk and go, and a fault every second: nothing is
// lost, and nothing grows.

import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { withSeed } from '../lib/noise.ts'
import { patience } from '../lib/patience.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { slopeOf } from './slopeOf.ts'
import { type GameName, games, peersMode, Soak } from './Soak.ts'
import { serveGml } from './soakGmlServer.ts'
import { playPeers } from './soakPeers.ts'
import { serveMain, type ServerReport } from './soakServer.ts'

const seconds = amountOf({ test: 60, ci: 60, soak: 1_800 })
const isLong = seconds >= 600
const measureEveryS = isLong ? 30 : 5
const reportEveryS = isLong ? 60 : 20
const mebibyte = 1024 * 1024
/** By how much the heap may grow. */
const slopeMax = mebibyte / 600_000
/** Where the run is too short for that: what it may grow in the second half. */
const growthMax = 2 * mebibyte
const settleMs = 60_000
/** What a machine with too much to do can cause: who is not heard for 10 s is given up, and a fault takes longer. */
const late = /^reliable UDP|still not so|timedOut/
/** More than the longest stop of a process that is a fault. */
const standStillMs = 6_000
/** More programs for each core than the soak itself and another test have. */
const loadMax = 4

const [, , mode, argument = ''] = process.argv

if (mode === 'main') serveMain()
else if (mode === 'gml') serveGml()
else if (mode === peersMode) playPeers(argument)
else if (process.platform !== 'linux')
  console.log('skipped: a long soak: needs SIGSTOP, and many addresses of this machine')
else spec('a long soak', declare, seconds * 1_000 + 150_000)

function declare(it: (name: string, run: () => Promise<void>) => void): void {
  it(`${seconds} s: no peer loses anything, and nothing grows`, () =>
    withSeed(async (noise) => {
      const soak = await Soak.begin(noise)
      try {
        await play(soak)
        await settle(soak)
        report(soak, 'all have left')
        judge(soak)
      } finally {
        soak.end()
      }
    }))
}

async function play(soak: Soak): Promise<void> {
  console.log(`seed ${rowSeed}`)
  const started = performance.now()
  for (let second = 1; second <= seconds; second++) {
    await delay(Math.max(0, started + second * 1_000 - performance.now()))
    soak.beginFault()
    if (second % measureEveryS === 0) await soak.measure()
    if (second % reportEveryS === 0) report(soak, `${second} s`)
  }
  await soak.leave()
}

/** Nothing of the peers is left when the limits of the servers have passed. */
async function settle(soak: Soak): Promise<void> {
  const end = performance.now() + settleMs * patience
  do await soak.measure()
  while (!games.every((name) => isBack(soak, name)) && performance.now() < end)
}

/** There is no more than there was at the start. */
function isBack({ games: all }: Soak, name: GameName): boolean {
  const { first, last } = all[name]
  const kinds = Object.entries(last.resources)
  return (
    last.kept === 0 &&
    JSON.stringify(last.things) === JSON.stringify(first.things) &&
    kinds.every(([kind, count]) => count <= (first.resources[kind] ?? 0))
  )
}

function report({ games: all, faultCounts, totals }: Soak, when: string): void {
  for (const name of games) {
    const { last } = all[name]
    const memory = `heap ${mibOf(last.heapBytes)}, RSS ${mibOf(last.rssBytes)}`
    figure('R-28', `${when}, ${name}: ${memory}; ${leftOf(last)}; ${textOf(last.counts)}`)
  }
  figure('R-28', `${when}, faults: ${textOf(faultCounts)}; peers gone: ${textOf(totals)}`)
}

function leftOf({ things, resources, kept }: ServerReport): string {
  return `${textOf({ ...things, ...resources })}, ${kept} kept objects`
}

function textOf(counts: object): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function mibOf(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}

function judge(soak: Soak): void {
  judgePeers(soak)
  for (const name of games) {
    const { first, last, heap, thrownExpected, program } = soak.games[name]
    const inRun = heap.filter((_, index) => index < seconds / measureEveryS)
    const half = inRun.slice(inRun.length >> 1)
    const slope = slopeOf(half)
    const grown = slope * (half.at(-1)!.atMs - half[0]!.atMs)
    const samples = inRun.map(({ value }) => (value / mebibyte).toFixed(1)).join(' ')
    figure('R-28', `${name}: heap ${samples}, grows ${mibOf(slope * 600_000)} in 10 minutes`)
    assert.is(program.program.hasEnded, false, program.program.output)
    assert.equal(last.bad, [], name)
    assert.ok(isBack(soak, name), `${name}: ${leftOf(last)} are left, at first ${leftOf(first)}`)
    assert.is(last.counts['thrown'], thrownExpected, name)
    if (isLong) assert.ok(slope <= slopeMax, name)
    else assert.ok(grown <= growthMax, `${name}: heap has grown by ${mibOf(grown)}`)
  }
}

/** Peers to which nothing was done have lost nothing, and each fault went as it should. */
function judgePeers({ bad, stoodStillMs, load, totals }: Soak): void {
  const stood = `a program stood still for ${(stoodStillMs / 1_000).toFixed(1)} s at most`
  const state = `${stood}, ${load.toFixed(1)} programs for each core`
  figure('R-28', `${totals.sent} messages sent, ${bad.length} bad, ${state}`)
  const isBusy = !isLong && (stoodStillMs > standStillMs || load > loadMax)
  const excused = isBusy ? bad.filter((what) => late.test(what)) : []
  if (excused.length > 0) console.log([...excused, state].join('\n'))
  assert.is(bad.length, excused.length, [...bad, state].join('\n'))
  assert.ok(totals.sent > seconds)
}
