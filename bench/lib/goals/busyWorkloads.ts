// P-9: a tick that computes for half of its time, and what disturbs a tick.
import { formats, type Measure, type Workload } from './Workload.ts'

const burnMs = 8
const probes = 20
const inFlight = 4_096
const pingMs = 1_000

const latency: readonly Measure[] = [
  { key: 'p50', head: 'reply p50, ms', format: formats.two, ratio: 'figure' },
  { key: 'p99', head: 'reply p99, ms', format: formats.two, ratio: 'figure' },
  { key: 'hz', head: 'ticks/s', format: formats.one },
]
const worst: readonly Measure[] = [
  { key: 'worst', head: 'worst tick gap, ms', format: formats.one, ratio: 'figure' },
  { key: 'hz', head: 'ticks/s', format: formats.one },
]
const replyLegend =
  'reply: from message to reply of one of the 20, beginning anywhere in a tick. × below 1 is sooner than the base.'
const gapLegend =
  'worst tick gap: the longest time from one tick to the next, 16.7 ms where nothing disturbs.'

const busy: Workload = {
  goals: ['p9'],
  name: 'busy',
  title: `60 Hz, a tick computes for ${burnMs} ms; ${probes} clients with a message now and then`,
  legend: replyLegend,
  measures: latency,
  async run(start, { seconds, warmUpSeconds }) {
    const server = start({ echoes: true, burnMs })
    const work = { kind: 'probes', probes, flooders: 0, inFlight: 1 } as const
    const { ticks, load } = await server.run(work, { seconds, warmUpSeconds })
    return { p50: orNaN(load.p50Ms), p99: orNaN(load.p99Ms), hz: ticks.hz }
  },
}

const flood: Workload = {
  goals: ['p9'],
  name: 'flood',
  title: `the same tick under a flood: {flooders} clients × up to ${inFlight} messages in flight, sent as fast as the socket takes them`,
  legend: 'ticks/s: 60 where the flood does not disturb. messages/s: of the flood, answered.',
  measures: [
    { key: 'hz', head: 'ticks/s', format: formats.one, ratio: 'figure' },
    { key: 'worst', head: 'worst tick gap, ms', format: formats.one },
    { key: 'speed', head: 'messages/s', format: formats.count },
  ],
  async run(start, { seconds, warmUpSeconds, flooders }) {
    const server = start({ echoes: true, burnMs })
    const work = { kind: 'probes', probes: 0, flooders, inFlight } as const
    const { ticks, load } = await server.run(work, { seconds, warmUpSeconds })
    return {
      hz: ticks.hz,
      worst: ticks.gapMaxMs,
      speed: load.messages / load.seconds,
    }
  },
}

/** Without a tick that computes, so that what is seen is the flood alone. */
function createNeighbours(flooders: number): Workload {
  return {
    goals: ['p9'],
    name: flooders === 0 ? 'quiet' : 'one-floods',
    title: `60 Hz, ${probes} clients with a message now and then${flooders === 0 ? '' : ', and one that floods'}`,
    legend: replyLegend,
    measures: latency,
    async run(start, { seconds, warmUpSeconds }) {
      const server = start({ echoes: true })
      const work = { kind: 'probes', probes, flooders, inFlight } as const
      const { ticks, load } = await server.run(work, { seconds, warmUpSeconds })
      return { p50: orNaN(load.p50Ms), p99: orNaN(load.p99Ms), hz: ticks.hz }
    },
  }
}

const pings: Workload = {
  goals: ['p9'],
  name: 'pings',
  wire: 'ws',
  title: `60 Hz, {crowd} idle WebSockets, pinged every ${pingMs / 1000} s`,
  legend: `${gapLegend} Each ping is awaited and answered.`,
  measures: [...worst, { key: 'pings', head: 'pings/s', format: formats.count }],
  async run(start, { seconds, warmUpSeconds, crowd }) {
    const server = start({ pingMs })
    const timing = { seconds: Math.max(seconds, (2 * pingMs) / 1000), warmUpSeconds }
    const work = { kind: 'idle', clients: crowd, awaitsPings: true } as const
    const { ticks, load } = await server.run(work, timing)
    return {
      worst: ticks.gapMaxMs,
      hz: ticks.hz,
      pings: load.messages / load.seconds,
    }
  },
}

const leave: Workload = {
  goals: ['p9'],
  name: 'leave',
  title: '60 Hz, {crowd} clients that leave at once',
  legend: gapLegend,
  measures: worst,
  async run(start, { seconds, warmUpSeconds, crowd }) {
    const server = start({})
    const timing = { seconds: Math.max(seconds, 0.5), warmUpSeconds }
    const work = { kind: 'idle', clients: crowd, leaves: true } as const
    const { ticks } = await server.run(work, timing)
    return { worst: ticks.gapMaxMs, hz: ticks.hz }
  },
}

function orNaN(value: number | null): number {
  return value ?? Number.NaN
}

export const busyWorkloads: readonly Workload[] = [
  busy,
  flood,
  createNeighbours(0),
  createNeighbours(1),
  pings,
  leave,
]
