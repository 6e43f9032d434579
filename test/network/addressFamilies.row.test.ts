// Every pair of a server's address and the one that a client asks for, of both families and both at once, over each transport.

import {
  connectSocket,
  createServer,
  createSocket,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { lookup } from 'node:dns/promises'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { figure } from '../lib/row.ts'
import { portOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { until } from '../lib/until.ts'

const v4 = '127.0.0.1'
const v6 = '::1'
/** Where a server listens: one family alone, or both. */
const servers = { IPv4: v4, IPv6: v6, both: undefined } as const
/** What a client asks for, and the address that is. */
const hosts: Readonly<Record<string, string | undefined>> = {
  [v4]: v4,
  [v6]: v6,
  '::ffff:127.0.0.1': v4,
  localhost: undefined,
}
const types = { TCP: SocketType.tcp, WebSocket: SocketType.ws } as const
const byte = Uint8Array.of(7)

function isPlain(ip: string): boolean {
  return ip === v4 || ip === v6
}

/** Whether a message comes from a client that asks for `host` to a server at `address`; the addresses that both show are plain. */
async function canConnect(
  net: TestNet,
  type: SocketType,
  address: string | undefined,
  host: string,
): Promise<boolean> {
  const [far, near] = [net.world(), net.world()]
  const events = recordEvents(far)
  const server = createServer(far, type, 0, address === undefined ? {} : { host: address })
  await until(() => portOf(far, server) > 0, [far])
  const socket = createSocket(near, type)
  let result: number | undefined
  void connectSocket(near, socket, host, portOf(far, server)).then((it) => (result = it))
  await until(() => result !== undefined, [far, near])
  if (result! < 0) return false
  sendPacket(near, socket, byte)
  await until(() => messagesOf(events).length === 1, [far, near])
  assert.ok([...events.map(({ ip }) => ip), Socket(near).ip[socket]!].every(isPlain))
  return true
}

/** Whether a datagram arrives: it is waited for if it should, for a moment if it should not. */
async function canSend(
  net: TestNet,
  reliable: boolean,
  address: string | undefined,
  host: string,
  isExpected: boolean,
): Promise<boolean> {
  const [far, near] = [net.world(), net.world()]
  const events = recordEvents(far)
  const server = createServer(
    far,
    SocketType.udp,
    0,
    address === undefined ? {} : { host: address },
  )
  const socket = createSocket(near, SocketType.udp)
  setNetworkConfig(far, server, { reliable })
  setNetworkConfig(near, socket, { reliable })
  if (sendUdp(near, socket, host, portOf(far, server), byte) < 0) return false
  let rounds = 0
  await until(() => events.length > 0 || (!isExpected && rounds++ >= 20), [near, far])
  assert.ok(events.every(({ ip }) => isPlain(ip)))
  return events.length === 1
}

const ofName = (await lookup('localhost', { all: true })).map((each) => each.address)

netSpec('addresses of both families', (it) => {
  let count = 0
  for (const [name, address] of Object.entries(servers))
    for (const [host, ip] of Object.entries(hosts)) {
      // Of the addresses of a name a connection takes the one that answers.
      const addresses = ip === undefined ? ofName : [ip]
      const isReached = address === undefined || addresses.includes(address)
      it(`${host} to a server on ${name}: ${isReached ? 'reached' : 'not reached'}`, async (net) => {
        for (const [transport, type] of Object.entries(types)) {
          assert.is(await canConnect(net, type, address, host), isReached, transport)
          count++
        }
        // A datagram goes to one address of a name.
        if (ip === undefined && address !== undefined) return
        for (const reliable of [false, true]) {
          assert.is(
            await canSend(net, reliable, address, host, isReached),
            isReached,
            `UDP ${reliable}`,
          )
          count++
        }
      })
    }

  it('all of them', () => figure('R-20', `${count} pairs of addresses, all as they should be`))
})
