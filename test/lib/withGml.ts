import { type World } from 'bitecs'
import { setNetworkConfig, Socket } from 'bitecs-networking'
import {
  async_load,
  buffer_create,
  buffer_get_address,
  buffer_get_size,
  buffer_poke,
  buffer_u8,
  buffer_fixed,
  ds_map_find_value,
  ds_map_keys_to_array,
  gml_bind,
  gml_entity,
  gml_on_networking,
  gml_profile,
  gml_step,
  network_create_server,
  network_create_server_raw,
  network_socket_tcp,
  network_type_connect,
} from 'bitecs-networking/gml'
import { spec } from '../spec.ts'
import { type RawPeer } from './RawPeer.ts'
import { TestNet } from './TestNet.ts'
import { type Step, until } from './until.ts'

/** What `async_load` had in one event, with the buffer's bytes as hex beside its handle. */
export type GmlEvent = Readonly<Record<string, unknown>> & { readonly hex?: string }

/** A server of the game, its one client and the peer that plays this. */
export interface JoinedGame {
  readonly server: number
  readonly client: number
  readonly peer: RawPeer
}

/** One GameMaker game: a net of one world, which is bound while the case runs. */
export class GmlGame {
  readonly net: TestNet = new TestNet()
  readonly world: World = this.net.world()
  /** Every Networking event, in order. */
  readonly events: GmlEvent[] = []

  constructor() {
    gml_bind(this.world)
    gml_on_networking(() => this.events.push(copyEvent()))
  }

  get warnings(): string[] {
    return this.net.warnings
  }

  /** The events of one type. */
  of(type: number): GmlEvent[] {
    return this.events.filter((event) => event['type'] === type)
  }

  /** The messages that have come, as hex. */
  get messages(): string[] {
    return this.events.flatMap(({ hex }) => hex ?? [])
  }

  /** Steps until the condition holds. */
  async until(condition: () => boolean, also: Step = []): Promise<void> {
    await until(condition, () => {
      gml_step()
      if (typeof also === 'function') also()
    })
  }

  /** A TCP server on a free port. */
  server(maxClient = 32): number {
    return network_create_server(network_socket_tcp, 0, maxClient)
  }

  rawServer(maxClient = 32): number {
    return network_create_server_raw(network_socket_tcp, 0, maxClient)
  }

  /** A server with one GameMaker client, whose connect event is the first of `events`. */
  async joined(): Promise<JoinedGame> {
    const server = this.server()
    const peer = await this.net.join(this.portOf(server))
    await this.until(() => this.of(network_type_connect).length === 1)
    return { server, peer, client: this.of(network_type_connect)[0]!['socket'] as number }
  }

  /** How long servers of the game wait for a client's answer. */
  limitHandshakes(handshakeTimeoutMs: number): void {
    setNetworkConfig(this.world, { handshakeTimeoutMs })
  }

  /** The port of a socket or server on this side. */
  portOf(socket: number): number {
    return Socket(this.world).localPort[gml_entity(socket)]!
  }

  /** Bytes of a socket that were no packet. */
  discardedBytes(socket: number): number {
    return Socket(this.world).discardedBytes[gml_entity(socket)]!
  }
}

/** A case with a game of its own, which is closed in the end; settings are what they were at the start. */
export function withGml(run: (game: GmlGame) => Promise<void> | void): () => Promise<void> {
  return async () => {
    gml_profile('default')
    const game = new GmlGame()
    try {
      await run(game)
    } finally {
      game.net.close()
      gml_profile('default')
    }
  }
}

/** A suite whose cases have a game each. */
export function gmlSpec(
  name: string,
  define: (it: (title: string, run: (game: GmlGame) => Promise<void> | void) => void) => void,
): void {
  spec(name, (it) => define((title, run) => it(title, withGml(run))))
}

/** A buffer with these bytes, given as hex. */
export function bufferOf(hex: string): number {
  const bytes = Buffer.from(hex, 'hex')
  const buffer = buffer_create(bytes.length, buffer_fixed, 1)
  bytes.forEach((byte, at) => buffer_poke(buffer, at, buffer_u8, byte))
  return buffer
}

/** The bytes of a buffer as hex. */
export function hexOf(buffer: number): string {
  return Buffer.from(buffer_get_address(buffer)!).toString('hex')
}

function copyEvent(): GmlEvent {
  const keys = ds_map_keys_to_array(async_load) as string[]
  const entries = keys.map((key) => [key, ds_map_find_value(async_load, key)] as const)
  const buffer = ds_map_find_value(async_load, 'buffer')
  const hex =
    typeof buffer === 'number' ? { hex: hexOf(buffer).slice(0, buffer_get_size(buffer) * 2) } : {}
  return { ...Object.fromEntries(entries), ...hex }
}
