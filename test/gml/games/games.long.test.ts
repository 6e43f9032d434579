import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { freePort } from '../../lib/freePort.ts'
import { spec } from '../../spec.ts'
import { type GameName, games } from './endStates.ts'
import { gamesFolder, GamePrograms, type Globals } from './GamePrograms.ts'
import { namesInGml, namesInPort } from './libraryNames.ts'

// Five games, a server and a client each, written in GML without this library in mind, and their ports, in which only that has
// changed which docs/porting.md names. They have GameMaker habits that JavaScript has not:
//   a  a boolean as a number           b  a socket's id as a u8           c  a packet right behind network_connect
//   d  an event's buffer is read without a look at its type               e  a connected UDP socket
//   f  an int64 as a size, a position, an index, a port                   g  buffer_vbuffer
//   h  a text as a port or a number    i  ds_list_sort                    j  json_parse and json_stringify

/** One way to play a game. */
interface Way {
  /** What is replaced in the ports. */
  readonly changes?: Readonly<Record<string, string>>
  readonly globals?: Globals
  /** Whether bob comes first, and the port is a text. */
  readonly other?: true
}

const streams: [GameName, string][] = [
  ['lobby', 'tcp'],
  ['position_sync', 'ws'],
  ['chat', 'tcp'],
  ['kick_server', 'tcp'],
]

async function play(name: GameName, how: string, { changes = {}, globals = {}, other }: Way) {
  const programs = new GamePrograms(`${name}-${how}`, changes)
  const { server, ann, bob } = games[name]
  const port = await freePort()
  const shared = { net_host: '127.0.0.1', net_port: other ? String(port) : port, ...globals }
  const clients = [
    { part: ann, globals: { ...shared, player_name: 'ann', play_style: 'fair' } },
    { part: bob, globals: { ...shared, player_name: 'bob', play_style: 'cheat' } },
  ]
  if (other) clients.reverse()
  try {
    await programs.start(`${name}.server`, server, shared)
    for (const { part, globals } of clients) await programs.start(`${name}.client`, part, globals)
    const states = [server, ...clients.map(({ part }) => part)].map(({ state }) => state)
    assert.equal(await programs.finish(), states)
  } catch (error) {
    console.log(programs.outputs.join('\n'))
    throw error
  } finally {
    programs.end()
  }
}

spec('games of a GameMaker developer', (it) => {
  const objects = readdirSync(gamesFolder).filter((file) => file.endsWith('.gml'))

  it('are five, of two objects', () => {
    assert.is(objects.length, 10)
  })

  for (const file of objects)
    it(`${file} :: its port makes the same calls in the same order`, () => {
      const port = file.replace(/_(server|client)\.gml$/, '.$1.mjs')
      const names = namesInGml(readFileSync(join(gamesFolder, file), 'utf8'))
      assert.ok(names.length > 40)
      assert.equal(namesInPort(readFileSync(join(gamesFolder, port), 'utf8')), names)
    })

  for (const [name, own] of streams)
    it(`${name} :: ends as its author says, over TCP and WebSocket`, async () => {
      const type = `network_socket_${own}`
      await Promise.all([
        play(name, 'tcp', { changes: { [type]: 'network_socket_tcp' } }),
        play(name, 'ws', { changes: { [type]: 'network_socket_ws' }, other: true }),
      ])
    })

  it('udp_ping :: ends as its author says, with packets and raw', async () => {
    await Promise.all([
      play('udp_ping', 'packets', { globals: { udp_raw: false } }),
      play('udp_ping', 'raw', { globals: { udp_raw: true }, other: true }),
    ])
  })
})
