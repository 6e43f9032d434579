import type { EntityId } from 'bitecs'
import { setTimeout as delay } from 'node:timers/promises'
import {
  connectSocket,
  createSocket,
  NetworkError,
  networkErrorName,
  NetworkType,
  resolveHost,
  Socket,
} from '../index.ts'
import { CliError, ExitCode } from './CliError.ts'
import { type ConnectCommand } from './Command.ts'
import { reasonOf } from './eventFacts.ts'
import { type Printer } from './Printer.ts'
import { readAuthorities } from './readAuthorities.ts'
import { type Input } from './readInput.ts'
import { showTarget } from './readTarget.ts'
import { sendBytes, sendDatagram } from './sendBytes.ts'
import { Session } from './Session.ts'
import { transportOf } from './transportOf.ts'

const retryMs = 5

/** Sends bytes to the server; a negative `NetworkError` if it cannot. */
type Send = (bytes: Uint8Array) => number

/** Runs a client until it is ended, and gives the exit code. Throws a `CliError` if it cannot connect. */
export async function connect(command: ConnectCommand, printer: Printer): Promise<ExitCode> {
  const session = new Session(command, printer)
  try {
    const send = await Promise.race([open(session, command, printer), session.ended])
    if (typeof send === 'number' || session.hasEnded) return await session.ended
    /** Since when nothing was sent or has come, if the input has ended. */
    let silentSinceMs: number | undefined
    const heard = (): void => {
      if (silentSinceMs !== undefined) silentSinceMs = performance.now()
    }
    return await session.run('connect', {
      event(asyncLoad) {
        heard()
        if (asyncLoad.type !== NetworkType.disconnect) return
        const reason = reasonOf(session.world, asyncLoad)
        const isClosed = reason === 'closed'
        if (!isClosed)
          printer.fail(new CliError(ExitCode.failed, `the connection is lost: ${reason}`))
        session.end(isClosed ? ExitCode.disconnected : ExitCode.failed)
      },
      input: (input) => sendInput(input, send, session, printer),
      inputEnded() {
        silentSinceMs = performance.now()
      },
      tick() {
        if (silentSinceMs !== undefined && performance.now() - silentSinceMs >= command.waitMs)
          session.end(ExitCode.done)
      },
    })
  } finally {
    session.close()
  }
}

async function open(
  session: Session,
  command: ConnectCommand,
  printer: Printer,
): Promise<Send | ExitCode> {
  const { world } = session
  const { type, raw, host, port } = command
  const ca = command.ca === undefined ? undefined : readAuthorities(command.ca)
  const socket = createSocket(world, transportOf(command))
  if (socket < 0) throw cannotConnect(command, socket)
  if (type === 'udp') {
    const ip = await resolveHost(host)
    if (typeof ip === 'number') throw cannotConnect(command, ip)
    const localPort = Socket(world).localPort[socket]!
    printer.tell(`talking to ${showTarget(command)} from port ${localPort}`, {
      type: 'listening',
      socketType: type,
      port: localPort,
      raw,
    })
    return (bytes) => sendDatagram(world, socket, { ip, port }, bytes, raw)
  }
  const error = await connectStream(session, socket, command, ca)
  // Ended by the user meanwhile: that is no failure.
  if (session.hasEnded) return session.ended
  if (error < 0) throw cannotConnect(command, error)
  return (bytes) => sendBytes(world, socket, bytes, command)
}

function connectStream(
  { world }: Session,
  socket: EntityId,
  command: ConnectCommand,
  ca: Uint8Array | undefined,
): Promise<number> {
  const { type, host, port, raw, timeoutMs } = command
  const isWebSocket = type === 'ws' || type === 'wss'
  return connectSocket(
    world,
    socket,
    isWebSocket ? showTarget(command) : host,
    isWebSocket ? 0 : port,
    {
      raw,
      async: true,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(ca !== undefined && { ca }),
    },
  )
}

/** Sends a line when there is room. */
async function sendInput(
  input: Input,
  send: Send,
  session: Session,
  printer: Printer,
): Promise<void> {
  if (input.kind !== 'send') return
  let result = send(input.bytes)
  while (result === NetworkError.sendQueueFull && !session.hasEnded) {
    await delay(retryMs)
    result = send(input.bytes)
  }
  // That the connection has ended is told by its event.
  if (result < 0 && result !== NetworkError.notConnected && !session.hasEnded)
    printer.warn(`not sent: ${networkErrorName(result)}`)
}

function cannotConnect(command: ConnectCommand, error: number): CliError {
  const otherMode = command.raw ? 'without' : 'with'
  const isWebSocket = command.type === 'ws' || command.type === 'wss'
  const hints: Readonly<Record<number, string>> = {
    [NetworkError.refused]: 'is the server running, and is it the right port?',
    [NetworkError.timedOut]: `a longer --timeout may help, or to try ${otherMode} --raw`,
    [NetworkError.handshakeFailed]: `the server speaks differently: try ${isWebSocket ? 'another path, or ' : ''}${otherMode} --raw`,
    [NetworkError.connectionClosed]: `the server ended it: it may be full, or try ${otherMode} --raw`,
    [NetworkError.untrusted]: 'trust its certificate, or that of its authority, with --ca FILE',
    [NetworkError.hostNotFound]: 'the name has no address',
  }
  return new CliError(
    ExitCode.failed,
    `cannot connect to ${showTarget(command)}: ${networkErrorName(error)}`,
    hints[error],
  )
}
