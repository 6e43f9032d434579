import { type NetworkInterfaceInfo } from 'node:os'
import * as assert from 'uvu/assert'
import { broadcastAddresses, linkLocalZones } from '../../src/transport/node/addresses.ts'
import { spec } from '../spec.ts'

function v4(address: string, netmask: string, internal = false): NetworkInterfaceInfo {
  return { family: 'IPv4', address, netmask, mac: '', internal, cidr: null }
}

function v6(address: string, scopeid: number, internal = false): NetworkInterfaceInfo {
  return { family: 'IPv6', address, netmask: 'ffff::', mac: '', internal, cidr: null, scopeid }
}

const loopback = [v4('127.0.0.1', '255.0.0.0', true), v6('::1', 0, true)]

spec('broadcastAddresses', (it) => {
  it('sets every bit behind the network', () => {
    for (const [address, netmask, expected] of [
      ['192.168.1.7', '255.255.255.0', '192.168.1.255'],
      ['10.1.2.3', '255.0.0.0', '10.255.255.255'],
      ['172.16.5.4', '255.240.0.0', '172.31.255.255'],
      ['192.168.1.130', '255.255.255.128', '192.168.1.255'],
      ['192.168.1.5', '255.255.255.252', '192.168.1.7'],
      ['223.255.255.1', '255.255.255.0', '223.255.255.255'],
    ] as const)
      assert.equal(broadcastAddresses({ net1: [v4(address, netmask)] }), [expected])
  })

  it('gives every network once, and loopback only when it is alone', () => {
    const net1 = [v4('10.0.0.1', '255.0.0.0'), v4('10.0.0.2', '255.0.0.0'), v6('fe80::1', 2)]
    const net2 = [v4('192.168.0.1', '255.255.255.0')]
    assert.equal(broadcastAddresses({ lo: loopback, net1, net2, none: undefined }), [
      '10.255.255.255',
      '192.168.0.255',
    ])
    assert.equal(broadcastAddresses({ lo: loopback }), ['127.255.255.255'])
    assert.equal(broadcastAddresses({}), [])
  })

  it('skips networks of one or two addresses', () => {
    const tunnels = [v4('10.8.0.1', '255.255.255.255'), v4('10.9.0.1', '255.255.255.254')]
    assert.equal(broadcastAddresses({ tunnels }), [])
  })

  it('keeps to the network of an address', () => {
    const net1 = [v4('10.0.0.1', '255.0.0.0')]
    const net2 = [v4('192.168.0.1', '255.255.255.0')]
    const interfaces = { lo: loopback, net1, net2 }
    assert.equal(broadcastAddresses(interfaces, '192.168.0.1'), ['192.168.0.255'])
    assert.equal(broadcastAddresses(interfaces, '127.0.0.1'), ['127.255.255.255'])
    assert.equal(broadcastAddresses(interfaces, 'fe80::1'), [])
  })
})

spec('linkLocalZones', (it) => {
  const net1 = [v4('10.0.0.1', '255.0.0.0'), v6('fd00::1', 0), v6('fe80::1', 2)]
  const net2 = [v6('fe80::2', 3)]
  const net3 = [v6('fd00::3', 0)]
  const lo = [...loopback, v6('fe80::1', 1, true)]
  const interfaces = { lo, net1, net2, net3, none: undefined }
  const [first, second] = process.platform === 'win32' ? ['2', '3'] : ['net1', 'net2']

  it('gives every interface with a link-local address but loopback', () => {
    assert.equal(linkLocalZones(interfaces), [first, second])
    assert.equal(linkLocalZones({ lo: loopback }), [])
  })

  it('keeps to the interface of an address', () => {
    assert.equal(linkLocalZones(interfaces, 'fd00::1'), [first])
    assert.equal(linkLocalZones(interfaces, 'fe80::2'), [second])
    assert.equal(linkLocalZones(interfaces, '::1'), [])
  })
})
