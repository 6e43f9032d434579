// P-5: what grows with the number of sockets, of subscribers and of bytes, in process over a transport that
// does nothing; and what stays in memory when many connections have ended.
import { removeEntity } from 'bitecs'
import { destroySocket } from 'bitecs-networking'
import { createCrowd } from './lib/createCrowd.ts'
import { type FigureRow, flatRow, formatFigures } from './lib/growth/Figure.ts'
import { type GrowthTable } from './lib/growth/GrowthTable.ts'
import { type CrowdCosts, echo, echoNanos, measureCrowd } from './lib/growth/measureCrowd.ts'
import { measurePeak } from './lib/growth/measurePeak.ts'
import { measureRemoval } from './lib/growth/measureRemoval.ts'
import { measureSubscribers } from './lib/growth/measureSubscribers.ts'

const crowdSizes = [10, 100, 1_000, 10_000]
const subscriberCounts = [1, 100, 1_000]
const messageSizes = [16, 256, 1_024, 4_096, 16_384, 65_536]
const echoingSockets = 16

console.log('growth, in process over a transport that does nothing; medians')
// First, while nothing else is in memory.
console.log(`\n${measurePeak()}`)
console.log('What stays of the second peak is lost; what stays of the first may be used again.')
showCrowds()
showSubscribers()
showMessageSizes()

function showCrowds(): void {
  for (const size of [10, 1_000, 10]) measureCrowd(size) // warm up
  const costs = crowdSizes.map(measureCrowd)
  const nanos = (key: keyof CrowdCosts): number[] => costs.map((cost) => cost[key])
  const micros = (key: keyof CrowdCosts): number[] => costs.map((cost) => cost[key] / 1e3)
  const most = crowdSizes.at(-1)?.toLocaleString('en')
  const removal = `≤ 200 ms of ${most}`
  show('a server with n clients', crowdSizes, 1_000, [
    flatRow('idle tick, ns', nanos('idleTick')),
    flatRow('query of its clients, ns a call', nanos('query')),
    flatRow('echo of 10 of them, ns a message', nanos('echoOfSome')),
    flatRow('echo of all, one message each, ns a message', nanos('echoOfAll')),
    flatRow('broadcast of 64 B, ns a socket', nanos('broadcast')),
    flatRow('connect, µs', micros('connect')),
    { name: 'end of one, µs', figures: micros('end'), goal: `≤ 20 µs of ${most}` },
    {
      name: 'removeEntity of the server, ms',
      figures: measureRemoval(crowdSizes, removeEntity),
      goal: removal,
    },
    {
      name: 'destroySocket of the server, ms',
      figures: measureRemoval(crowdSizes, destroySocket),
      goal: removal,
    },
    flatRow('addEntity + removeEntity of another entity, µs', micros('otherEntity')),
  ])
}

function showSubscribers(): void {
  const costs = subscriberCounts.map(measureSubscribers)
  show('n subscribers, narrowed to a socket each', subscriberCounts, 1_000, [
    flatRow(
      'event of one of the sockets, ns',
      costs.map(({ event }) => event),
    ),
    flatRow(
      'addEntity + removeEntity of another entity, µs',
      costs.map(({ otherEntity }) => otherEntity / 1e3),
    ),
  ])
}

function showMessageSizes(): void {
  const costs = messageSizes.map((bytes) => {
    const crowd = createCrowd(echoingSockets, echo)
    return echoNanos(crowd, crowd.peers, bytes, 301)
  })
  const perByte = costs.map((nanos, index) => nanos / (messageSizes[index] ?? 1))
  show('messages of n bytes', messageSizes, 65_536, [
    { name: `echo of ${echoingSockets} sockets, ns a message`, figures: costs, goal: '' },
    { name: 'the same, ns a byte', figures: perByte, goal: 'falls' },
  ])
}

function show(
  title: string,
  sizes: readonly number[],
  comparedTo: number,
  rows: readonly FigureRow[],
): void {
  console.log(`\n${formatFigures(title, sizes, comparedTo, rows)}`)
  process.send?.({ title, sizes, rows } satisfies GrowthTable)
}
