// Why the operating system does not let a program have a port.

import cluster from 'node:cluster'
import { createSocket } from 'node:dgram'
import { NetworkError } from '../../constants/NetworkError.ts'
import { networkErrorOf } from './networkErrorOf.ts'

/** What the code of the system means for a server or a UDP socket. */
export function bindErrorOf(error: NodeJS.ErrnoException): NetworkError {
  switch (error.code) {
    case 'EADDRINUSE':
    case 'EACCES':
      return NetworkError.portUnavailable
    case 'ENOBUFS':
      return NetworkError.tooManySockets
    default:
      return networkErrorOf(error)
  }
}

/** The warning that says what the system said. A taken port needs none: its `NetworkError` says it. */
export function bindWarningOf(
  { code, message }: NodeJS.ErrnoException,
  port: number,
  host: string | undefined,
): string | undefined {
  const where = `port ${port}${host === undefined ? '' : ` of ${host}`}`
  if (code !== 'EADDRINUSE') return `cannot listen on ${where}: ${code ?? message}`
  if (!cluster.isWorker) return undefined
  return (
    `cannot listen on ${where}: ${code}. Workers of node:cluster (PM2's cluster mode) cannot share the port of a game ` +
    'server: start one process, or give each worker a port of its own'
  )
}

/** Answers a lookup of a numeric address at once: there is nothing to ask, and nothing to wait for. */
export function answerItself(
  address: string,
  _options: unknown,
  answer: (error: null, address: string, family: number) => void,
): void {
  answer(null, address, address.includes(':') ? 6 : 4)
}

/** Whether the process can open no socket at all, which `node:dgram` reports at once, and `node:net` only later. */
export function hasNoSockets(): boolean {
  let failure: NodeJS.ErrnoException | undefined
  try {
    const socket = createSocket({ type: 'udp4', lookup: answerItself })
    socket.on('error', (error) => (failure = error))
    socket.bind({ port: 0, address: '127.0.0.1', exclusive: true })
    socket.close()
  } catch {
    // A runtime without UDP does not say.
  }
  return failure !== undefined && networkErrorOf(failure) === NetworkError.tooManySockets
}
