// One measured run: a fresh server and a fresh generator, in two processes.
import { type Usage } from './answerParent.ts'
import { ChildProcess } from './ChildProcess.ts'
import { type LoadMessage, type LoadOrder } from './LoadMessage.ts'

const patienceMs = 15_000

/** What one run showed. */
export interface EchoResult {
  messagesPerSecond: number
  /** CPU time of the server. */
  cpuMicrosPerMessage: number
  /** CPU time of the generator, to see that it is the cheaper side. */
  loadCpuMicrosPerMessage: number
  /** Messages that came back in one read of the generator: how many share a write. */
  messagesPerRead: number
}

/** The part of the order that does not depend on the server's port. */
export type EchoOrder = Omit<LoadOrder, 'port'>

/** Runs one server under load; rejects when a byte was wrong, a message was lost or a process died. */
export async function runEcho(server: URL, load: URL, order: EchoOrder): Promise<EchoResult> {
  const children: ChildProcess[] = []
  try {
    const serverChild = new ChildProcess(server)
    children.push(serverChild)
    const { port } = JSON.parse(await serverChild.firstLine(patienceMs)) as { port: number }
    const loadChild = new ChildProcess(load, [
      JSON.stringify({ ...order, port } satisfies LoadOrder),
    ])
    children.push(loadChild)
    return await measure(serverChild, loadChild, order)
  } finally {
    // The generator first, so that no server is cut off under load.
    for (const child of children.toReversed()) await child.end()
  }
}

async function measure(
  server: ChildProcess,
  load: ChildProcess,
  order: EchoOrder,
): Promise<EchoResult> {
  await nextStep(load, 'measuring', order.warmUpSeconds * 1000 + patienceMs)
  const before = await askUsage(server)
  const measured = await nextStep(load, 'measured', order.seconds * 1000 + patienceMs)
  const after = await askUsage(server)
  load.send('stop')
  const done = await nextStep(load, 'done', patienceMs)
  const total = await askUsage(server)
  if (total.messages !== done.messages)
    throw new Error(`the server counted ${total.messages} messages, the generator ${done.messages}`)
  const served = after.messages - before.messages
  return {
    messagesPerSecond: measured.messages / measured.seconds,
    cpuMicrosPerMessage: (after.cpuMicros - before.cpuMicros) / served,
    loadCpuMicrosPerMessage: measured.cpuMicros / measured.messages,
    messagesPerRead: measured.messages / measured.reads,
  }
}

async function askUsage(server: ChildProcess): Promise<Usage> {
  server.send('cpu')
  return (await server.next(patienceMs)) as Usage
}

async function nextStep<Step extends LoadMessage['step']>(
  load: ChildProcess,
  step: Step,
  timeoutMs: number,
): Promise<Extract<LoadMessage, { step: Step }>> {
  const message = (await load.next(timeoutMs)) as LoadMessage
  if (isStep(message, step)) return message
  throw new Error(
    message.step === 'failed' ? message.reason : `expected ${step} of load, got ${message.step}`,
  )
}

function isStep<Step extends LoadMessage['step']>(
  message: LoadMessage,
  step: Step,
): message is Extract<LoadMessage, { step: Step }> {
  return message.step === step
}
