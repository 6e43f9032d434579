import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { systemAddress } from '../../src/transport/node/systemAddress.ts'
import { spec } from '../spec.ts'

const cases: readonly (readonly [string, number, string])[] = [
  ['127.0.0.1', 6510, '0100007F:196E'],
  ['10.1.2.255', 80, 'FF02010A:0050'],
  ['::1', 6510, '00000000000000000000000001000000:196E'],
  ['::', 0, '00000000000000000000000000000000:0000'],
  ['::ffff:127.0.0.1', 6510, '0000000000000000FFFF00000100007F:196E'],
  ['2001:db8::1:2', 1, 'B80D0120000000000000000002000100:0001'],
  ['fe80::1%eth0', 1, '000080FE000000000000000001000000:0001'],
  ['1:2:3:4:5:6:7:8', 1, '02000100040003000600050008000700:0001'],
]

spec('addresses as Linux shows them', (it) => {
  for (const [ip, port, shown] of cases)
    it(`${ip}, port ${port}`, () => assert.is(systemAddress(ip, port), shown))

  it('of a network socket that has none any more it is empty', () =>
    assert.is(systemAddress(undefined, undefined), ''))

  for (const [name, host] of [
    ['IPv4', '127.0.0.1'],
    ['IPv6', '::1'],
    ['IPv4 at a server of both', undefined],
  ] as const)
    it(`a real connection is in the table: ${name}`, async () => {
      if (process.platform !== 'linux') return
      const server = createServer().listen(0, host)
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const near = connect(port, host ?? '127.0.0.1')
      const [far] = (await once(server, 'connection')) as [typeof near]
      try {
        const tables = ['tcp', 'tcp6'].map((table) => readFileSync(`/proc/net/${table}`, 'latin1'))
        const { localAddress, localPort, remoteAddress, remotePort } = far
        const row = `${systemAddress(localAddress, localPort)} ${systemAddress(remoteAddress, remotePort)} 01`
        assert.ok(tables.join('').includes(row), row)
      } finally {
        near.destroy()
        far.destroy()
        server.close()
      }
    })
})
