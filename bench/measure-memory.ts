// P-4m: what a network in memory costs where its lines are perfect, against plain memory transports: the same messages over both,
// one after the other in each round, and the ratio of their CPU times.
import { createMemoryDatagrams, createMemoryTransport, SocketType } from 'bitecs-networking'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import { type Medium } from './lib/Medium.ts'
import { medianAndSpread } from './lib/statistics.ts'
import { createDatagramRun } from './lib/subject/datagramWorkload.ts'
import { createChurnRun, createEventRun, createTickRun } from './lib/subject/messageWorkloads.ts'
import { type Run } from './lib/subject/Run.ts'

const rounds = 15
/** How long a run should take, so that its time can be told. */
const runMicros = 60_000

const host = '127.0.0.1'

type Boundaries = 'stream' | 'message'

/** Plain transports, which no two workloads share. */
function createPlain(boundaries: Boundaries): Medium {
  const stream = createMemoryTransport({ boundaries })
  return { stream, datagrams: createMemoryDatagrams(), host, join() {} }
}

function createNetwork(boundaries: Boundaries): Medium {
  const { tcp, ws, udp } = SocketType
  const network = createMemoryNetwork()
  const join: Medium['join'] = (world) => network.join(world)
  return { stream: boundaries === 'stream' ? tcp : ws, datagrams: udp, host, join }
}

interface MemoryWorkload {
  readonly name: string
  readonly boundaries: Boundaries
  readonly create: (medium: Medium) => Run | Promise<Run>
}

const workloads: readonly MemoryWorkload[] = [
  ...(['stream', 'message'] as const).flatMap((boundaries): readonly MemoryWorkload[] => {
    const over = boundaries === 'stream' ? 'TCP' : 'WebSocket'
    return [
      {
        name: `${over}: 1,000 messages of 32 bytes a tick on one connection`,
        boundaries,
        create: (medium) => createEventRun(1_000, 32, 'whole', medium),
      },
      {
        name: `${over}: 16 messages of 64 KiB a tick on one connection`,
        boundaries,
        create: (medium) => createEventRun(16, 65_536, 'whole', medium),
      },
      {
        name: `${over}: a tick of 200 clients, an input and a state each`,
        boundaries,
        create: createTickRun,
      },
      { name: `${over}: 20 clients that come and go`, boundaries, create: createChurnRun },
    ]
  }),
  {
    name: 'UDP: a tick of 200 clients, an input and a state each',
    boundaries: 'stream',
    create: createDatagramRun,
  },
]

console.log(`network in memory ÷ plain memory transports, CPU time, median of ${rounds} rounds`)
for (const { name, boundaries, create } of workloads) {
  const plain = await create(createPlain(boundaries))
  const network = await create(createNetwork(boundaries))
  const units = await unitsOf(plain)
  await network(units)
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = await plain(units)
    ratios.push((await network(units)) / before)
  }
  console.log(`  ${medianAndSpread(ratios, (ratio) => ratio.toFixed(2))}  ${name}`)
}

/** How many units take long enough. What runs first also warms up. */
async function unitsOf(run: Run): Promise<number> {
  for (let units = 1; ; units *= 2) if ((await run(units)) >= runMicros) return units
}
