// P-1, P-2 and P-1k: messages that come back.
import { formats, type Workload } from './Workload.ts'

/** Echo with `inFlight` messages in flight for each client. */
function createEcho(goals: readonly string[], inFlight: number): Workload {
  return {
    goals,
    name: `echo-${inFlight}`,
    title: `echo: {clients} clients, 32-byte messages, ${inFlight} in flight each`,
    legend:
      'messages/s: round trips. CPU µs: of the server, per message. messages/read: replies that share one write of the server. ' +
      'The loops of ws-hand, net-fast and ours never sleep, so where few messages come (k ≤ 4) compare messages/s.',
    measures: [
      { key: 'speed', head: 'messages/s', format: formats.count, ratio: 'figure' },
      { key: 'cpu', head: 'CPU µs/message', format: formats.two, ratio: 'speed' },
      { key: 'perRead', head: 'messages/read', format: formats.one },
      { key: 'loadCpu', head: 'generator CPU µs', format: formats.two },
    ],
    async run(start, { clients, seconds, warmUpSeconds }) {
      const server = start({ echoes: true, hz: 0 })
      const work = { kind: 'echo', clients, inFlight } as const
      const { before, after, load } = await server.run(work, { seconds, warmUpSeconds })
      return {
        speed: load.messages / load.seconds,
        cpu: (after.cpuMicros - before.cpuMicros) / (after.messages - before.messages),
        perRead: load.messages / load.reads,
        loadCpu: load.cpuMicros / load.messages,
      }
    },
  }
}

export const echoWorkloads: readonly Workload[] = [
  createEcho(['p1', 'p2'], 32),
  createEcho(['p1k'], 4),
  createEcho(['p1k'], 1),
]
