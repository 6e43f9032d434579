import {
  async_load,
  buffer_create,
  buffer_fixed,
  buffer_get_alignment,
  buffer_get_type,
  ds_map_find_value,
  ds_map_keys_to_array,
  gml_on_networking,
  gml_profile,
  type GmlProfile,
  network_connect_async,
  network_connect_raw_async,
  network_create_server,
  network_create_server_raw,
  network_create_socket,
  network_destroy,
  network_send_packet,
  network_send_raw,
  network_send_text,
  network_send_udp,
  network_send_udp_raw,
  network_socket_tcp,
  network_socket_udp,
  network_socket_ws,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { freePort } from '../lib/freePort.ts'
import { bufferOf, type GmlGame, gmlSpec } from '../lib/withGml.ts'

// Every key of every event, by profile, over each kind of socket. A word stands for a handle or a port: `accepted` is the
// socket of the client on the server.

const words = ['connect', 'disconnect', 'data', 'non_blocking_connect']

/** What the events of one connection are, in any order of their keys. */
interface ConnectionRows {
  readonly connect: string
  readonly opened: string
  readonly atServer: string
  readonly atClient: string
  readonly disconnect: string
  readonly refused: string
}

/** `*` is `message_type` over WebSocket, and nothing over TCP. */
const connectionRows: Record<GmlProfile, ConnectionRows> = {
  default: {
    connect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted succeeded=1',
    opened: 'id=client ip=127.0.0.1 port=serverPort socket=client succeeded=1',
    atServer: 'buffer=grow id=accepted ip=127.0.0.1 * port=clientPort server=server size=5',
    atClient: 'buffer=grow id=client ip=127.0.0.1 * port=serverPort size=5',
    disconnect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted succeeded=0',
    refused: 'id=client ip=127.0.0.1 port=closedPort socket=client succeeded=0',
  },
  manual: {
    connect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted',
    opened: 'id=client ip=127.0.0.1 port=serverPort succeeded=1',
    atServer: 'buffer=grow id=accepted ip=127.0.0.1 * port=clientPort server=server size=5',
    atClient: 'buffer=grow id=client ip=127.0.0.1 * port=serverPort size=5',
    disconnect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted',
    refused: 'id=client ip=127.0.0.1 port=closedPort succeeded=0',
  },
  native: {
    connect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted',
    opened: 'id=client ip=127.0.0.1 port=serverPort succeeded=1',
    atServer: 'buffer=grow id=accepted ip=127.0.0.1 * port=clientPort server=server size=5',
    atClient: 'buffer=grow id=client ip=127.0.0.1 * port=serverPort size=5',
    disconnect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted',
    refused: 'id=client ip=127.0.0.1 port=closedPort succeeded=0',
  },
  html5: {
    connect: 'id=server ip=127.0.0.1 other_port=clientPort port=serverPort socket=accepted',
    opened: 'id=client ip=localhost port=serverPort succeeded=1',
    atServer:
      'buffer=fixed id=accepted ip=127.0.0.1 * other_port=clientPort port=serverPort size=5',
    atClient: 'buffer=fixed id=client ip=localhost * other_port=serverPort port=serverPort size=5',
    disconnect: 'id=server ip=127.0.0.1 other_port=clientPort port=serverPort socket=accepted',
    refused: 'id=client ip=127.0.0.1 port=closedPort succeeded=0',
  },
  '2018': {
    connect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted succeeded=1',
    opened: 'id=client ip=127.0.0.1 port=serverPort socket=client succeeded=1',
    atServer: 'buffer=grow id=accepted ip=127.0.0.1 port=clientPort size=5',
    atClient: 'buffer=grow id=client ip=127.0.0.1 port=serverPort size=5',
    disconnect: 'id=server ip=127.0.0.1 port=clientPort socket=accepted succeeded=0',
    refused: 'id=client ip=127.0.0.1 port=closedPort socket=client succeeded=0',
  },
}

/** What a datagram is to the UDP socket that it reaches: a server or a client. */
const datagramRows: Record<GmlProfile, readonly [atServer: string, atClient: string]> = {
  default: [
    'buffer=grow id=server ip=127.0.0.1 port=clientPort server=server size=5',
    'buffer=grow id=client ip=127.0.0.1 port=serverPort size=5',
  ],
  manual: [
    'buffer=grow id=server ip=127.0.0.1 port=clientPort server=server size=5',
    'buffer=grow id=client ip=127.0.0.1 port=serverPort size=5',
  ],
  native: [
    'buffer=grow id=server ip=127.0.0.1 port=clientPort server=server size=5',
    'buffer=grow id=client ip=127.0.0.1 port=serverPort size=5',
  ],
  html5: [
    'buffer=fixed id=server ip=127.0.0.1 port=clientPort size=5',
    'buffer=fixed id=client ip=127.0.0.1 port=serverPort size=5',
  ],
  '2018': [
    'buffer=grow id=server ip=127.0.0.1 port=clientPort size=5',
    'buffer=grow id=client ip=127.0.0.1 port=serverPort size=5',
  ],
}

const profiles = Object.keys(connectionRows) as GmlProfile[]

/** What a profile has as `message_type`, binary or text, at a server and at a client. */
function messageTypeAt(place: 'server' | 'client', profile: GmlProfile, type: number): string {
  if (profile === '2018') return ''
  return `message_type=${profile === 'html5' && place === 'server' ? 'undefined' : type}`
}

function rowWith(row: string, messageType: string): string {
  return row.replace(' * ', messageType === '' ? ' ' : ` ${messageType} `)
}

/** The names of handles and ports. */
class Names {
  readonly sockets = new Map<unknown, string>()
  readonly ports = new Map<unknown, string>()

  /** The running event: its type, and its keys in order of their names. */
  event(): string {
    const keys = (ds_map_keys_to_array(async_load) as string[]).filter((key) => key !== 'type')
    const shown = keys.sort().map((key) => `${key}=${this.#shown(key)}`)
    return `${words[ds_map_find_value(async_load, 'type') - 1]} ${shown.join(' ')}`
  }

  #shown(key: string): string {
    const value: unknown = ds_map_find_value(async_load, key)
    if (['id', 'socket', 'server'].includes(key)) return this.sockets.get(value) ?? 'accepted'
    // A client's port is chosen while it connects: any port that has no name.
    if (key === 'port' || key === 'other_port') return this.ports.get(value) ?? 'clientPort'
    if (key !== 'buffer') return String(value)
    assert.is(buffer_get_alignment(value as number), 1)
    return buffer_get_type(value as number) === buffer_fixed ? 'fixed' : 'grow'
  }
}

/** Writes down every event of the game that is bound. */
function recorded(): { names: Names; seen: string[] } {
  const names = new Names()
  const seen: string[] = []
  gml_on_networking(() => seen.push(names.event()))
  return { names, seen }
}

async function playConnection(
  game: GmlGame,
  profile: GmlProfile,
  type: number,
  isRaw: boolean,
): Promise<void> {
  gml_profile(profile)
  const rows = connectionRows[profile]
  const { names, seen } = recorded()
  const server = (isRaw ? network_create_server_raw : network_create_server)(type, 0, 4)
  const client = network_create_socket(type)
  names.sockets.set(server, 'server').set(client, 'client')
  names.ports.set(game.portOf(server), 'serverPort')
  const connect = isRaw ? network_connect_raw_async : network_connect_async
  assert.is(connect(client, 'localhost', game.portOf(server)), client)
  await game.until(() => seen.length === 2)
  const order = (what: string): string => seen.find((event) => event.startsWith(`${what} `)) ?? ''
  assert.is(order('connect'), `connect ${rows.connect}`)
  assert.is(order('non_blocking_connect'), `non_blocking_connect ${rows.opened}`)

  const send = isRaw ? network_send_raw : network_send_packet
  const five = buffer_create(5, buffer_fixed, 1)
  const accepted = game.events.find((event) => event['type'] === 1)!['socket'] as number
  const isWebSocket = type === network_socket_ws
  const typeAt = (place: 'server' | 'client', as = 1): string =>
    isWebSocket ? messageTypeAt(place, profile, as) : ''
  send(client, five, 5)
  await game.until(() => seen.length === 3)
  assert.is(seen[2], `data ${rowWith(rows.atServer, typeAt('server'))}`)
  send(accepted, five, 5)
  await game.until(() => seen.length === 4)
  assert.is(seen[3], `data ${rowWith(rows.atClient, typeAt('client'))}`)
  if (isRaw && isWebSocket) {
    network_send_raw(client, five, 5, network_send_text)
    await game.until(() => seen.length === 5)
    assert.is(seen.pop(), `data ${rowWith(rows.atServer, typeAt('server', 2))}`)
    network_send_raw(accepted, five, 5, network_send_text)
    await game.until(() => seen.length === 5)
    assert.is(seen.pop(), `data ${rowWith(rows.atClient, typeAt('client', 2))}`)
  }
  network_destroy(client)
  await game.until(() => seen.length === 5)
  assert.is(seen[4], `disconnect ${rows.disconnect}`)
}

gmlSpec('the profiles of the gml face :: keys of events', (it) => {
  for (const profile of profiles)
    for (const [kind, type] of [
      ['TCP', network_socket_tcp],
      ['WebSocket', network_socket_ws],
    ] as const)
      for (const isRaw of [false, true])
        it(`${profile}: ${kind}, ${isRaw ? 'raw' : 'packets'}`, (game) =>
          playConnection(game, profile, type, isRaw))

  for (const profile of profiles)
    it(`${profile}: a connect that is refused`, async (game) => {
      gml_profile(profile)
      const port = await freePort()
      const { names, seen } = recorded()
      names.ports.set(port, 'closedPort')
      const tries = [
        [network_socket_tcp, '127.0.0.1', port],
        [network_socket_ws, '127.0.0.1', port],
        // The port of the URL counts where none is given beside it, and it is a number.
        [network_socket_ws, `ws://127.0.0.1:${port}/game`, 0],
      ] as const
      for (const [type, url, given] of tries) {
        const client = network_create_socket(type)
        names.sockets.set(client, 'client')
        network_connect_async(client, url, given)
        await game.until(() => seen.length === 1)
        const row = connectionRows[profile].refused.replace('ip=127.0.0.1', `ip=${url}`)
        assert.is(seen.pop(), `non_blocking_connect ${row}`)
        assert.type(game.events.at(-1)!['port'], 'number')
      }
    })

  for (const profile of profiles)
    it(`${profile}: UDP`, async (game) => {
      gml_profile(profile)
      const { names, seen } = recorded()
      const server = network_create_server(network_socket_udp, 0, 0)
      const client = network_create_socket(network_socket_udp)
      names.sockets.set(server, 'server').set(client, 'client')
      names.ports.set(game.portOf(server), 'serverPort').set(game.portOf(client), 'clientPort')
      const five = buffer_create(5, buffer_fixed, 1)
      for (const send of [network_send_udp, network_send_udp_raw]) {
        send(client, '127.0.0.1', game.portOf(server), five, 5)
        await game.until(() => seen.length === 1)
        assert.is(seen.pop(), `data ${datagramRows[profile][0]}`)
        send(server, '127.0.0.1', game.portOf(client), five, 5)
        await game.until(() => seen.length === 1)
        assert.is(seen.pop(), `data ${datagramRows[profile][1]}`)
      }
    })

  for (const profile of profiles)
    it(`${profile}: an empty packet has size 0 and an empty buffer`, async (game) => {
      gml_profile(profile)
      const { peer } = await game.joined()
      peer.send('dec0adde0c00000000000000')
      await game.until(() => game.messages.length === 1)
      const event = game.events.at(-1)!
      assert.equal([event['size'], event.hex], [0, ''])
    })

  for (const profile of profiles)
    it(`${profile}: JSON.stringify takes every value of an event, with numbers for handles`, async (game) => {
      gml_profile(profile)
      const server = network_create_server(network_socket_ws, 0, 4)
      const client = network_create_socket(network_socket_ws)
      network_connect_async(client, '127.0.0.1', game.portOf(server))
      await game.until(() => game.events.length === 2)
      network_send_packet(client, bufferOf('01'), 1)
      await game.until(() => game.events.length === 3)
      for (const event of game.events) {
        const read = JSON.parse(JSON.stringify(event)) as Record<string, unknown>
        const { ip, hex, ...others } = read
        assert.type(ip, 'string')
        assert.ok(hex === undefined || hex === '01')
        for (const [key, value] of Object.entries(others)) assert.type(value, 'number', key)
        // JSON has no undefined: what JavaScript writes lacks the key that html5 has.
        if (profile === 'html5') assert.not.ok('message_type' in read)
      }
    })
})
