// A process that has no free descriptor: what each call returns and warns of, that it leaves nothing open and no id in use,
// and that it works when there are some again.

import { createWorld, type World } from 'bitecs'
import {
  broadcast,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  flushNetwork,
  networkErrorName,
  sendPacket,
  sendUdp,
  sendUdpRaw,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { localCertificate } from '../lib/certificates.ts'
import { countDescriptors, takeAllDescriptors } from '../lib/fileDescriptors.ts'
import { messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { figure } from '../lib/row.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { type Outcome, playCalls, type Surroundings } from './descriptorCalls.ts'

type Outcomes = Readonly<Record<string, Outcome>>

interface Report {
  readonly without: Outcomes
  readonly again: Outcomes
  readonly sends: Readonly<Record<string, unknown>>
  readonly descriptors: readonly [before: number, between: number, after: number]
  readonly files: readonly string[]
}

const mode = 'without-descriptors'
const file = process.argv[1] ?? ''

/** What those give that open no socket, or tell it in GameMaker's way; all others are `tooManySockets`. */
const own: Readonly<Record<string, unknown>> = {
  saveBuffer: -1,
  loadBuffer: -1,
  loadBufferInto: -1,
  network_create_server: 'below 0',
  'network_create_server of UDP': 'below 0',
  network_create_server_raw: 'below 0',
  'network_create_socket of UDP': 'below 0',
  network_create_socket_ext: 'below 0',
  network_resolve: '127.0.0.1',
  os_is_network_connected: 'boolean',
  buffer_save: -1,
  buffer_load: 'below 0',
}
const ownAgain: Readonly<Record<string, unknown>> = {
  saveBuffer: 0,
  loadBufferInto: 0,
  network_resolve: '127.0.0.1',
  os_is_network_connected: 'boolean',
}

if (process.argv[2] === mode) {
  void report(process.argv[3] ?? '').then((found) => {
    console.log(JSON.stringify(found))
    process.exit()
  })
} else spec('a process without a free descriptor', declare)

function declare(it: (name: string, run: () => void) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'bitecs-networking-'))
  if (!existsSync('/proc/self/fd')) {
    console.log('skipped: a process without a free descriptor: no /proc')
    return
  }
  const command = ['-c', 'ulimit -n 96; exec "$0" "$@"', process.execPath, file, mode, folder]
  const { stdout, stderr } = spawnSync('sh', command, { encoding: 'utf8', timeout: 60_000 })
  rmSync(folder, { recursive: true })
  assert.is(stderr, '')
  const { without, again, sends, descriptors, files } = JSON.parse(stdout) as Report

  for (const [name, { result, warnings, entities }] of Object.entries(without))
    it(`${name}: says so, warns with the reason, and leaves no entity`, () => {
      assert.is(result, name in own ? own[name] : 'tooManySockets')
      assert.is(entities, 0)
      const isBound = /server|UDP socket|socket of UDP|socket_ext/.test(name)
      assert.is(warnings.length, isBound ? 1 : 0, warnings.join('\n'))
      for (const warning of warnings) assert.match(warning, /cannot listen on port 0.*: EMFILE/)
    })

  it('every call works when descriptors are free again, without a warning', () => {
    for (const [name, { result, warnings }] of Object.entries(again)) {
      if (name in ownAgain) assert.is(result, ownAgain[name], name)
      else if (name === 'loadBuffer') assert.ok(Number(result) > 0)
      else assert.is(result, 'works', name)
      assert.equal(warnings, [], name)
    }
  })

  it('what is open can send, and a name is not found for the true reason, which is not kept', () => {
    assert.equal(sends, {
      packet: 13,
      'packet heard': ['01'],
      'UDP to an address': 13,
      'UDP to a name': 13,
      undelivered: 1,
      'UDP to the name again': 1,
      'undelivered again': 2,
      broadcast: 'tooManySockets',
      'UDP to the name at last': 13,
      'undelivered at last': 2,
    })
  })

  it('nothing stays open, and no file is begun', () => {
    const [before, between, after] = descriptors
    assert.is(between, before)
    assert.is(after, before)
    assert.equal(files, ['gml', 'saved'])
    const calls = Object.keys(without).length
    figure(
      'R-33',
      `no free descriptor: ${calls} calls say so, ${after - before} descriptors left open`,
    )
  })
}

async function report(folder: string): Promise<Report> {
  const host = createWorld()
  setNetworkConfig(host, { warn: () => {} })
  const serve = (type: SocketType): number => {
    const options = type === SocketType.wss ? { certificate: localCertificate } : {}
    return Socket(host).port[createServer(host, type, 0, options)]!
  }
  const [tcp, ws, wss] = [SocketType.tcp, SocketType.ws, SocketType.wss].map(serve)
  const around: Surroundings = { host, tcp: tcp!, ws: ws!, wss: wss!, file, folder }
  const client = createWorld()
  const { connection, udp, heard } = await openPair(host, client, around.tcp)
  const before = countDescriptors()
  const free = takeAllDescriptors()
  const without = await playCalls(around)
  const sends = await sendWithout(client, host, connection, udp, heard)
  free()
  await turns()
  const between = countDescriptors()
  sends['UDP to the name at last'] = sendUdp(client, udp, 'localhost', 9, Uint8Array.of(1))
  await turns(20)
  sends['undelivered at last'] = Socket(client).undelivered[udp]
  const again = await playCalls(around)
  const settled = (): boolean => countDescriptors() <= before
  await until(settled, [host, client])
  const after = countDescriptors()
  closeNetwork(host)
  closeNetwork(client)
  return {
    without,
    again,
    sends,
    descriptors: [before, between, after],
    files: readdirSync(folder).sort(),
  }
}

async function openPair(host: World, client: World, port: number) {
  const connection = createSocket(client, SocketType.tcp)
  const heard = recordEvents(host)
  let result: number | undefined
  void connectSocket(client, connection, '127.0.0.1', port).then((it) => (result = it))
  await until(() => result !== undefined && heard.length === 1, [client, host])
  return { connection, udp: createSocket(client, SocketType.udp), heard }
}

async function sendWithout(
  client: World,
  host: World,
  connection: number,
  udp: number,
  heard: ReturnType<typeof recordEvents>,
): Promise<Record<string, unknown>> {
  const one = Uint8Array.of(1)
  const undelivered = (): number => Socket(client).undelivered[udp]!
  const sends: Record<string, unknown> = { packet: sendPacket(client, connection, one) }
  flushNetwork(client)
  await until(() => messagesOf(heard).length > 0, [host])
  sends['packet heard'] = messagesOf(heard)
  sends['UDP to an address'] = sendUdp(client, udp, '127.0.0.1', 9, one)
  sends['UDP to a name'] = sendUdp(client, udp, 'localhost', 9, one)
  await until(() => undelivered() === 1, [client])
  sends['undelivered'] = undelivered()
  sends['UDP to the name again'] = sendUdpRaw(client, udp, 'localhost', 9, one)
  await until(() => undelivered() === 2, [client])
  sends['undelivered again'] = undelivered()
  sends['broadcast'] = networkErrorName(broadcast(client, udp, 9, one))
  return sends
}
