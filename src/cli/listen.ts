import { type EntityId, hasComponent } from 'bitecs'
import { setImmediate as turn } from 'node:timers/promises'
import {
  createServer,
  Disconnected,
  NetworkError,
  networkErrorName,
  NetworkType,
  type ServerOptions,
  Socket,
} from '../index.ts'
import { CliError, ExitCode } from './CliError.ts'
import { type Clients } from './Clients.ts'
import { type ListenCommand } from './Command.ts'
import { connectedClients } from './connectedClients.ts'
import { datagramClients } from './datagramClients.ts'
import { payloadOf } from './eventFacts.ts'
import { type Printer } from './Printer.ts'
import { type Input } from './readInput.ts'
import { readPem } from './readPem.ts'
import { Session } from './Session.ts'
import { transportOf } from './transportOf.ts'

/** Runs a server until it is ended, and gives the exit code. Throws a `CliError` if it cannot listen. */
export async function listen(command: ListenCommand, printer: Printer): Promise<ExitCode> {
  const session = new Session(command, printer)
  const { world } = session
  try {
    const server = await openServer(session, command)
    const { type, raw, echo } = command
    const clients =
      type === 'udp'
        ? datagramClients(world, server, raw)
        : connectedClients(world, server, command)
    const port = Socket(world).localPort[server]!
    const mode = raw ? 'raw' : 'packet'
    printer.tell(`listening on ${type} port ${port}, ${mode} mode`, {
      type: 'listening',
      socketType: type,
      port,
      raw,
    })
    return await session.run('listen', {
      event(asyncLoad) {
        if (asyncLoad.type !== NetworkType.data) return
        clients.heard(asyncLoad)
        const result = echo ? clients.echo(asyncLoad, payloadOf(asyncLoad)) : 0
        if (result < 0) printer.warn(`could not echo: ${networkErrorName(result)}`)
      },
      input: (input) => answer(input, clients, printer),
      inputEnded() {},
      tick: tellOfStrangers(session, server, printer),
    })
  } finally {
    session.close()
  }
}

async function openServer({ world }: Session, command: ListenCommand): Promise<EntityId> {
  const { port } = command
  const options = serverOptions(command)
  let server: number
  try {
    server = createServer(world, transportOf(command), port, options)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CliError(
      ExitCode.usage,
      error.message.replace(/^createServer: (path|origin)s?/, '--$1'),
    )
  }
  if (server < 0) throw cannotListen(command, server)
  // With a host it shows only later.
  const store = Socket(world)
  while (store.localPort[server] === 0) {
    if (hasComponent(world, server, Disconnected))
      throw cannotListen(command, store.connectError[server]!)
    await turn()
  }
  return server
}

function serverOptions({
  raw,
  maxClients,
  host,
  path,
  origins,
  cert,
  key,
}: ListenCommand): ServerOptions {
  return {
    raw,
    ...(maxClients !== undefined && { maxClients }),
    ...(host !== undefined && { host }),
    ...(path !== undefined && { path }),
    ...(origins !== undefined && { origins }),
    ...(cert !== undefined &&
      key !== undefined && {
        certificate: { cert: readPem('--cert', cert), key: readPem('--key', key) },
      }),
  }
}

function cannotListen({ type, port, host }: ListenCommand, error: number): CliError {
  const where = host === undefined ? '' : ` of ${host}`
  return new CliError(
    ExitCode.failed,
    `cannot listen on ${type} port ${port}${where}: ${networkErrorName(error)}`,
    hintFor(error, host),
  )
}

function hintFor(error: number, host: string | undefined): string {
  if (error === NetworkError.portUnavailable)
    return 'the port is taken, or not allowed: try another, or 0 for any'
  if (error === NetworkError.untrusted)
    return 'the certificate and the key must be in PEM and belong together'
  return host === undefined ? '' : '--host takes an address of this machine, such as 127.0.0.1'
}

/** Tells, when called, of connections that have no event because they were never made. */
function tellOfStrangers({ world }: Session, server: EntityId, printer: Printer): () => void {
  let failed = 0
  let refused = 0
  return () => {
    const store = Socket(world)
    const nowFailed = store.failedHandshakes[server] ?? 0
    const nowRefused = store.refused[server] ?? 0
    if (nowFailed > failed)
      printer.warn(`connections that ended before their handshake was done: ${nowFailed - failed}`)
    if (nowRefused > refused) printer.warn(`connections turned away: ${nowRefused - refused}`)
    failed = nowFailed
    refused = nowRefused
  }
}

/** Does what a typed line asks for. */
function answer(input: Input, clients: Clients, printer: Printer): void {
  if (input.kind === 'clients') {
    const list = clients.list()
    const lines = list.map(({ id, ip, port }) => `client ${id}  ip=${ip} port=${port}`)
    printer.tell(lines.join('\n') || 'no clients', { type: 'clients', clients: list })
  } else if (input.kind === 'kick') {
    const client = clients.find(input.who)
    if (client === undefined) printer.warn(`no client ${input.who}`)
    else {
      clients.kick(client)
      printer.tell(`kicked ${client.id}`, { type: 'kicked', ...client })
    }
  } else if (input.kind === 'send') {
    const { to, bytes } = input
    const targets =
      to === undefined ? clients.list() : [clients.find(to)].filter((found) => found !== undefined)
    if (targets.length === 0) {
      printer.warn(to === undefined ? 'no clients: not sent' : `no client ${to}: not sent`)
      return
    }
    const missed = targets.length - clients.send(targets, bytes)
    if (missed > 0) printer.warn(`${missed} of ${targets.length} clients could not take it`)
  }
}
