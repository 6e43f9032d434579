// P-6: what a connection costs that says nothing; P-10: what connecting costs.
import { formats, type Workload } from './Workload.ts'

const idle: Workload = {
  goals: ['p6'],
  name: 'idle',
  title: 'memory of {idle} connections that say nothing',
  legend:
    'bytes a connection, after a garbage collection; RSS: what the system counts, heap: of JavaScript. × below 1 is less than the base.',
  measures: [
    { key: 'rss', head: 'RSS bytes', format: formats.count, ratio: 'figure' },
    { key: 'heap', head: 'heap bytes', format: formats.count, ratio: 'figure' },
  ],
  async run(start, { idle, clients }) {
    const server = start({})
    // What the first connections leave behind is not counted.
    await server.run({ kind: 'churn', clients }, { seconds: 0.1, warmUpSeconds: 0.4 })
    const before = await server.memory()
    let after = before
    const timing = { seconds: 0.5, warmUpSeconds: 0.3 }
    await server.run({ kind: 'idle', clients: idle }, timing, async () => {
      after = await server.memory()
    })
    return { rss: (after.rss - before.rss) / idle, heap: (after.heap - before.heap) / idle }
  },
}

const churn: Workload = {
  goals: ['p10'],
  name: 'churn',
  title:
    'connections made and ended, {clients} at a time, handshake and end as the protocol has them',
  legend:
    'connections/s: made and ended in a second. CPU µs: of the server, per connection. All servers tick 1,000 times a second here.',
  measures: [
    { key: 'speed', head: 'connections/s', format: formats.count, ratio: 'figure' },
    { key: 'cpu', head: 'CPU µs/connection', format: formats.one, ratio: 'speed' },
    { key: 'loadCpu', head: 'generator CPU µs', format: formats.one },
  ],
  async run(start, { clients, seconds, warmUpSeconds }) {
    // A handshake takes several ticks; none is to wait for the next sixtieth of a second.
    const server = start({ hz: 1000 })
    const work = { kind: 'churn', clients } as const
    const { before, after, load } = await server.run(work, { seconds, warmUpSeconds })
    return {
      speed: load.messages / load.seconds,
      cpu: (after.cpuMicros - before.cpuMicros) / (after.ended - before.ended),
      loadCpu: load.cpuMicros / load.messages,
    }
  },
}

export const memoryWorkloads: readonly Workload[] = [idle, churn]
