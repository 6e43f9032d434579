// A process under test of `npm run bench:compare`: does one workload on command, with the library of the folder
// that it stands in. It uses only what both sides of a comparison have.
import {
  type SubjectCost,
  type SubjectOrder,
  type SubjectReady,
} from './lib/compare/SubjectOrder.ts'
import { type InProcessName, type Workload, workloadList } from './lib/compare/workloadList.ts'
import { createServedSubject } from './lib/subject/createServedSubject.ts'
import {
  createBroadcastRun,
  createIdleRun,
  createReceiveRun,
  createSubscriberRun,
} from './lib/subject/crowdWorkloads.ts'
import { createChurnRun, createEventRun, createTickRun } from './lib/subject/messageWorkloads.ts'
import { cpuMicros, type Run } from './lib/subject/Run.ts'

const runs: Readonly<Record<InProcessName, () => Run | Promise<Run>>> = {
  'tick-200': () => createTickRun(),
  'event-tick': () => createEventRun(1_000, 32, 'tick'),
  'event-whole': () => createEventRun(1_000, 32, 'whole'),
  'event-64k': () => createEventRun(16, 65_536, 'whole'),
  'broadcast-64': () => createBroadcastRun(64),
  'broadcast-1000': () => createBroadcastRun(1_000),
  subscribers: () => createSubscriberRun(1_000),
  'churn-memory': () => createChurnRun(),
  'idle-1000': () => createIdleRun(1_000),
  receive: () => createReceiveRun(64, 4),
}

const workload = workloadList.find(({ name }) => name === process.argv[2])
if (workload === undefined) throw new Error(`no workload ${process.argv[2]}`)
process.on('disconnect', () => process.exit(0))
await obey(workload)

async function obey(workload: Workload): Promise<void> {
  if ('server' in workload) {
    const subject = createServedSubject(workload.server)
    onOrder((order) => {
      if (order.step === 'end') tell(subject.end())
      else subject.begin()
    })
    tell({ port: subject.port })
    return
  }
  const run = await runs[workload.name]()
  onOrder(async (order) => {
    if (order.step !== 'run') return
    const before = cpuMicros()
    const counted = await run(order.units)
    tell({ cpuMicros: counted, allMicros: cpuMicros() - before, messages: 0 })
  })
  tell({ port: 0 })
}

function onOrder(act: (order: SubjectOrder) => void | Promise<void>): void {
  process.on('message', (text) => {
    void act(JSON.parse(String(text)) as SubjectOrder)
  })
}

function tell(message: SubjectCost | SubjectReady): void {
  process.send?.(message)
}
