import * as gml from 'bitecs-networking/gml'
import { gml_profile, type GmlProfile } from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { bufferOf, type GmlGame, gmlSpec, hexOf } from '../lib/withGml.ts'

// What functions return and throw, by profile. Only what differs from the default profile stands in a row.

/** A result as text: `5n` for a bigint, the name of the error for what throws. */
function resultOf(run: () => unknown): string {
  try {
    const result = run()
    if (typeof result === 'bigint') return `${result}n`
    return result === undefined ? 'undefined' : JSON.stringify(result)
  } catch (error) {
    return (error as Error).name
  }
}

/** What each case starts from. */
interface Things {
  /** Eight bytes ff, at position 0. */
  readonly full: number
  /** A server that is not connected to, a client that never connected, a UDP socket. */
  readonly server: number
  readonly client: number
  readonly udp: number
  /** A map with the key `a`. */
  readonly map: number
}

type Row = readonly [
  what: string,
  run: (things: Things) => unknown,
  byDefault: string,
  others?: Partial<Record<GmlProfile, string>>,
]

/** Names nothing, of no kind. */
const unknown = 1e9

const address = '127.0.0.1'

function readOf(hex: string, type: number): unknown {
  return gml.buffer_read(bufferOf(hex), type)
}

function writtenBool(value: never): string {
  const buffer = gml.buffer_create(1, gml.buffer_fixed, 1)
  gml.buffer_write(buffer, gml.buffer_bool, value)
  return hexOf(buffer)
}

const int64 = { manual: '-1n', native: '-1n', html5: '-1n' }
const one = { manual: '1', native: '1' }
const zero = { manual: '0', native: '0' }
const noBuffer = (html5: string): Partial<Record<GmlProfile, string>> => ({ html5 })
const nativeError = { native: 'RangeError' }

const buffers: readonly Row[] = [
  ['read u64', ({ full }) => gml.buffer_read(full, gml.buffer_u64), '18446744073709551615n', int64],
  [
    'peek u64',
    ({ full }) => gml.buffer_peek(full, 0, gml.buffer_u64),
    '18446744073709551615n',
    int64,
  ],
  ['read a small u64', () => readOf('0500000000000000', gml.buffer_u64), '5n'],
  ['read u32', ({ full }) => gml.buffer_read(full, gml.buffer_u32), '4294967295'],
  ['read bool 1', () => readOf('01', gml.buffer_bool), 'true', one],
  ['read bool 0', () => readOf('00', gml.buffer_bool), 'false', zero],
  ['read bool 255', () => readOf('ff', gml.buffer_bool), 'false', zero],
  ['peek bool 1', () => gml.buffer_peek(bufferOf('01'), 0, gml.buffer_bool), 'true', one],
  ['peek bool outside', () => gml.buffer_peek(bufferOf('01'), 1, gml.buffer_bool), 'undefined'],
  ['write bool 2', () => writtenBool(2 as never), '"01"', { html5: '"00"' }],
  ['write bool 0.6', () => writtenBool(0.6 as never), '"01"', { html5: '"00"' }],
  ['write bool true', () => writtenBool(true as never), '"01"'],
  ['write', ({ full }) => gml.buffer_write(full, gml.buffer_u8, 300), '0'],
  ['write text as a number', ({ full }) => gml.buffer_write(full, gml.buffer_u8, 'x'), '-4'],
  [
    'write undefined',
    ({ full }) => gml.buffer_write(full, gml.buffer_u8, undefined as never),
    'TypeError',
  ],
  ['write without room', () => gml.buffer_write(bufferOf('00'), gml.buffer_u16, 1), '-2'],
  ['read past the end', () => readOf('', gml.buffer_u8), 'RangeError', { html5: '-3' }],
  ['read across the end', () => readOf('00', gml.buffer_u16), 'RangeError', { html5: '-3' }],
  ['read a string at the end', () => readOf('', gml.buffer_string), '""'],
  ['read a text at the end', () => readOf('', gml.buffer_text), '""', { html5: '-3' }],
  [
    'seek past the end',
    ({ full }) => gml.buffer_seek(full, gml.buffer_seek_start, 100),
    '8',
    { html5: '100' },
  ],
  ['seek below 0', ({ full }) => gml.buffer_seek(full, gml.buffer_seek_start, -5), '0'],
  [
    'seek from the end to below 0',
    ({ full }) => gml.buffer_seek(full, gml.buffer_seek_end, 9),
    '0',
  ],
  ['write an unknown type', ({ full }) => gml.buffer_write(full, 99, 1), '-4'],
  ['read an unknown type', ({ full }) => gml.buffer_read(full, 99), 'TypeError'],
  ['poke outside', ({ full }) => gml.buffer_poke(full, 8, gml.buffer_u8, 1), '-2'],
  ['kind of decoded base64', () => gml.buffer_get_type(gml.buffer_base64_decode('aGk=')), '1'],
  ['exists', ({ full }) => gml.buffer_exists(full), 'true', { html5: '1' }],
  ['exists not', () => gml.buffer_exists(unknown), 'false', { html5: '0' }],
  ['delete', ({ full }) => gml.buffer_delete(full), 'undefined', { html5: '0' }],
  ['poke', ({ full }) => gml.buffer_poke(full, 0, gml.buffer_u8, 1), 'undefined'],
  ['fill', ({ full }) => gml.buffer_fill(full, 0, gml.buffer_u8, 1, 8), 'undefined'],
  ['resize', ({ full }) => gml.buffer_resize(full, 4), 'undefined'],
  ['decompress garbage', ({ full }) => gml.buffer_decompress(full), '-1'],
  ['delete an unknown one', () => gml.buffer_delete(unknown), 'RangeError', noBuffer('-5')],
  [
    'read an unknown one',
    () => gml.buffer_read(unknown, gml.buffer_u8),
    'RangeError',
    noBuffer('0'),
  ],
  [
    'peek an unknown one',
    () => gml.buffer_peek(unknown, 0, gml.buffer_u8),
    'RangeError',
    noBuffer('0'),
  ],
  [
    'poke an unknown one',
    () => gml.buffer_poke(unknown, 0, gml.buffer_u8, 1),
    'RangeError',
    noBuffer('0'),
  ],
  [
    'seek an unknown one',
    () => gml.buffer_seek(unknown, gml.buffer_seek_start, 0),
    'RangeError',
    noBuffer('0'),
  ],
  [
    'write an unknown one',
    () => gml.buffer_write(unknown, gml.buffer_u8, 1),
    'RangeError',
    noBuffer('-5'),
  ],
  ['tell of an unknown one', () => gml.buffer_tell(unknown), 'RangeError', noBuffer('-5')],
  ['size of an unknown one', () => gml.buffer_get_size(unknown), 'RangeError', noBuffer('-5')],
  [
    'address of an unknown one',
    () => gml.buffer_get_address(unknown),
    'RangeError',
    noBuffer('undefined'),
  ],
]

const sockets: readonly Row[] = [
  ['destroy a server', ({ server }) => gml.network_destroy(server), 'undefined', { html5: '0' }],
  ['destroy a UDP socket', ({ udp }) => gml.network_destroy(udp), 'undefined', { html5: '0' }],
  [
    'destroy a client that never connected',
    ({ client }) => gml.network_destroy(client),
    'undefined',
  ],
  ['destroy an unknown socket', () => gml.network_destroy(unknown), 'undefined', nativeError],
  ['destroy -1', () => gml.network_destroy(-1), 'undefined', nativeError],
  [
    'send to an unknown socket',
    ({ full }) => gml.network_send_packet(unknown, full, 1),
    '-1',
    nativeError,
  ],
  [
    'send raw to an unknown socket',
    ({ full }) => gml.network_send_raw(unknown, full, 1),
    '-1',
    nativeError,
  ],
  ['send to a server', ({ server, full }) => gml.network_send_packet(server, full, 1), '-1'],
  ['send an unknown buffer', ({ client }) => gml.network_send_packet(client, unknown, 1), '-1'],
  [
    'send more than there is',
    ({ udp, full }) => gml.network_send_udp(udp, address, 9, full, 9),
    '-1',
  ],
  [
    'send UDP',
    ({ udp, full }) => gml.network_send_udp(udp, address, 9, full, 8),
    '20',
    { html5: '8' },
  ],
  ['send UDP raw', ({ udp, full }) => gml.network_send_udp_raw(udp, address, 9, full, 8), '8'],
  [
    'time-outs of an unknown socket',
    () => gml.network_set_timeout(unknown, 1, 1),
    'undefined',
    nativeError,
  ],
  [
    'a setting',
    () => gml.network_set_config(gml.network_config_use_non_blocking_socket, 1),
    'undefined',
  ],
  ['a secure server', () => gml.network_create_server(gml.network_socket_wss, 0, 1), '-1'],
  ['a Bluetooth socket', () => gml.network_create_socket(gml.network_socket_bluetooth), '-1'],
  ['resolve localhost', () => gml.network_resolve('localhost'), '"127.0.0.1"'],
]

const maps: readonly Row[] = [
  ['add a new key', ({ map }) => gml.ds_map_add(map, 'b', 1), 'true'],
  ['add a key that is there', ({ map }) => gml.ds_map_add(map, 'a', 1), 'false'],
  ['replace a new key', ({ map }) => gml.ds_map_replace(map, 'b', 1), 'false'],
  ['replace a key that is there', ({ map }) => gml.ds_map_replace(map, 'a', 1), 'true'],
  ['set', ({ map }) => gml.ds_map_set(map, 'a', 1), 'undefined'],
  ['delete', ({ map }) => gml.ds_map_delete(map, 'a'), 'undefined'],
  ['is_map in an unknown one', () => gml.ds_map_is_map(unknown, 'a'), 'false', nativeError],
  ['exists', ({ map }) => gml.ds_map_exists(map, 'a'), 'true'],
  ['empty', ({ map }) => gml.ds_map_empty(map), 'false'],
  ['ds_exists', ({ map }) => gml.ds_exists(map, gml.ds_type_map), 'true'],
  ['ds_exists of an unknown one', () => gml.ds_exists(unknown, gml.ds_type_map), 'false'],
  ['find in an unknown one', () => gml.ds_map_find_value(unknown, 'a'), 'undefined', nativeError],
  ['exists in an unknown one', () => gml.ds_map_exists(unknown, 'a'), 'false', nativeError],
  ['size of an unknown one', () => gml.ds_map_size(unknown), '0', nativeError],
  ['empty of an unknown one', () => gml.ds_map_empty(unknown), 'false', nativeError],
  ['keys of an unknown one', () => gml.ds_map_keys_to_array(unknown), '[]', nativeError],
  ['first of an unknown one', () => gml.ds_map_find_first(unknown), 'undefined', nativeError],
  ['add to an unknown one', () => gml.ds_map_add(unknown, 'a', 1), 'false', nativeError],
  ['destroy an unknown one', () => gml.ds_map_destroy(unknown), 'undefined', nativeError],
  [
    'read async_load outside an event',
    () => gml.ds_map_find_value(gml.async_load, 'type'),
    'undefined',
  ],
  ['a map that is no number', () => gml.ds_map_find_value(undefined as never, 'a'), 'TypeError'],
]

const profiles: readonly GmlProfile[] = ['default', 'manual', 'native', 'html5', '2018']

function make(): Things {
  const map = gml.ds_map_create()
  gml.ds_map_set(map, 'a', 1)
  return {
    full: bufferOf('ffffffffffffffff'),
    server: gml.network_create_server(gml.network_socket_tcp, 0, 4),
    client: gml.network_create_socket(gml.network_socket_tcp),
    udp: gml.network_create_socket(gml.network_socket_udp),
    map,
  }
}

function close({ server, client, udp }: Things): void {
  gml_profile('default')
  for (const socket of [server, client, udp]) gml.network_destroy(socket)
}

/** What the two ends of a connection return for a packet of five bytes: first the client, then the server's. */
async function sentOver(game: GmlGame, type: number): Promise<readonly number[]> {
  game.events.length = 0
  const server = gml.network_create_server(type, 0, 4)
  const client = gml.network_create_socket(type)
  gml.network_connect_async(client, address, game.portOf(server))
  await game.until(() => game.events.length === 2)
  const five = gml.buffer_create(5, gml.buffer_fixed, 1)
  const accepted = game.of(gml.network_type_connect)[0]!['socket'] as number
  const results = [client, accepted].map((socket) => gml.network_send_packet(socket, five, 5))
  gml.network_destroy(client)
  gml.network_destroy(server)
  return results
}

gmlSpec('the profiles of the gml face :: results', (it) => {
  for (const [kind, rows] of Object.entries({ buffers, sockets, maps }))
    for (const profile of profiles)
      it(`${profile}: ${kind}`, () => {
        for (const [what, run, byDefault, others = {}] of rows) {
          gml_profile('default')
          const things = make()
          gml_profile(profile)
          assert.is(
            resultOf(() => run(things)),
            others[profile] ?? byDefault,
            what,
          )
          close(things)
        }
      })

  it('network_send_packet of 5 bytes: TCP and WebSocket', async (game) => {
    const expected: Record<GmlProfile, readonly [overTcp: number, overWebSocket: number]> = {
      default: [17, 5],
      manual: [17, 17],
      native: [17, 5],
      html5: [5, 5],
      '2018': [17, 5],
    }
    for (const profile of profiles) {
      gml_profile(profile)
      const [overTcp, overWebSocket] = expected[profile]
      assert.equal(await sentOver(game, gml.network_socket_tcp), [overTcp, overTcp], profile)
      assert.equal(
        await sentOver(game, gml.network_socket_ws),
        [overWebSocket, overWebSocket],
        profile,
      )
    }
  })

  it('a socket that was used: destroyed once, then unknown', async (game) => {
    for (const [profile, first, second] of [
      ['default', 'undefined', 'undefined'],
      ['native', 'undefined', 'RangeError'],
      ['html5', '0', 'undefined'],
    ] as const) {
      gml_profile(profile)
      game.events.length = 0
      const server = game.server()
      const client = gml.network_create_socket(gml.network_socket_tcp)
      gml.network_connect_async(client, address, game.portOf(server))
      await game.until(() => game.events.length === 2)
      assert.is(
        resultOf(() => gml.network_destroy(client)),
        first,
        profile,
      )
      assert.is(
        resultOf(() => gml.network_destroy(client)),
        second,
        profile,
      )
    }
  })

  it('JSON.stringify refuses a u64 in every profile, json_encode takes it', () => {
    for (const profile of profiles) {
      gml_profile(profile)
      const score: unknown = readOf('0500000000000000', gml.buffer_u64)
      assert.is(
        resultOf(() => JSON.stringify({ score })),
        'TypeError',
        profile,
      )
      const map = gml.ds_map_create()
      gml.ds_map_set(map, 'score', score)
      assert.is(gml.json_encode(map), '{"score":5}', profile)
      assert.is(JSON.stringify({ score: Number(score) }), '{"score":5}', profile)
    }
  })
})
