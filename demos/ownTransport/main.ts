// A transport of one's own. Runs the suite over it, then plays a game of two threads:
//
//   node build/demos/ownTransport/main.js
import { createWorld } from 'bitecs'
import {
  BufferType,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  startTicks,
} from 'bitecs-networking'
import { transportCases } from 'bitecs-networking/testing'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createPortTransport, type MessageEnd } from './createPortTransport.ts'

/** How a thread offers a connection to the main thread. */
interface Offer {
  readonly port: number
  readonly end: MessageEnd
}

if (isMainThread) {
  await runSuite()
  await serveThread()
} else await greetMainThread()

async function runSuite(): Promise<void> {
  const cases = transportCases({ name: 'MessagePort', transport: createPortTransport() })
  let failures = 0
  for (const { name, run } of cases) {
    try {
      await run()
      console.log(`ok    ${name}`)
    } catch (error) {
      failures++
      console.log(`FAIL  ${name}`, error)
    }
  }
  console.log(`${cases.length - failures} of ${cases.length} cases passed`)
  if (failures > 0) process.exitCode = 1
}

/** A server whose client is in another thread. */
async function serveThread(): Promise<void> {
  const world = createWorld()
  const transport = createPortTransport()
  const server = createServer(world, transport, 1, { messageBytesMax: 1024 })
  const thread = new Worker(new URL(import.meta.url))
  thread.on('message', ({ port, end }: Offer) => transport.accept(port, end))
  const ticks = startTicks(() => NetworkSystem(world), { hz: 60 })
  await new Promise<void>((resolve) => {
    onNetworking(world, server, (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.data)
        console.log('a thread says: %O', readBuffer(asyncLoad.buffer, BufferType.string))
      if (asyncLoad.type === NetworkType.disconnect) resolve()
    })
  })
  ticks.stop()
  closeNetwork(world)
}

async function greetMainThread(): Promise<void> {
  const world = createWorld()
  const transport = createPortTransport((port, end) =>
    parentPort!.postMessage({ port, end } satisfies Offer, [end as never]),
  )
  const socket = createSocket(world, transport)
  await connectSocket(world, socket, 'main', 1)
  sendPacket(world, socket, new TextEncoder().encode('hello from another thread\0'))
  closeNetwork(world)
}
