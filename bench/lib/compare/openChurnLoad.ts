// Clients that connect, finish the handshake, and leave.
import { connect } from 'node:net'
import { createTcpWire } from '../tcpWire.ts'
import { type Load, settled } from './Load.ts'

/** Linux lets clients come from many addresses, so that no ports run out while closed connections linger. */
const addresses = process.platform === 'linux' ? 200 : 1

/** A unit is one connection of each of the clients, which run side by side. */
export function openChurnLoad(port: number, clients: number): Load {
  const wire = createTcpWire(0)
  let made = 0

  /** Connects and leaves; calls back when the server has closed its end too. */
  function visit(onClosed: () => void, fail: (reason: string) => void): void {
    const localAddress = `127.0.0.${(made++ % addresses) + 1}`
    const opening = wire.createOpening()
    let early = Buffer.alloc(0)
    let isOpen = false
    const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
    socket.on('data', (chunk) => {
      early = Buffer.concat([early, chunk])
      try {
        for (;;) {
          const step = opening.take(early)
          if (step.used === 0) return
          early = early.subarray(step.used)
          if (step.say !== undefined) socket.write(step.say)
          isOpen = step.isOpen
          if (!isOpen) continue
          socket.end()
          return
        }
      } catch (error) {
        fail(String(error))
      }
    })
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => (isOpen ? onClosed() : fail('the server closed too early')))
  }

  return {
    run: (units) =>
      settled((done, fail) => {
        let busy = clients
        const next = (left: number): void => {
          if (left > 0) visit(() => next(left - 1), fail)
          else if (--busy === 0) done()
        }
        for (let client = 0; client < clients; client++) next(units)
      }),
    close() {},
  }
}
