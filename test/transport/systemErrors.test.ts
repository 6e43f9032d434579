import * as assert from 'uvu/assert'
import { NetworkError } from '../../src/constants/NetworkError.ts'
import { connectErrorOf } from '../../src/transport/node/systemErrors.ts'
import { spec } from '../spec.ts'

const options = {
  host: 'localhost',
  port: 1,
  timeoutMs: 1000,
  messageBytesMax: 1,
  protocol: '',
  ca: undefined,
}

spec('system errors of connecting', (it) => {
  it('each code has its error, and those of ports are general', () => {
    for (const [code, expected] of [
      ['ECONNREFUSED', NetworkError.refused],
      ['ETIMEDOUT', NetworkError.timedOut],
      ['ENOTFOUND', NetworkError.hostNotFound],
      ['EAFNOSUPPORT', NetworkError.unreachable],
      ['EADDRNOTAVAIL', NetworkError.unreachable],
      ['ENETDOWN', NetworkError.unreachable],
      ['EMFILE', NetworkError.tooManySockets],
      ['ECONNRESET', NetworkError.connectionClosed],
      ['EADDRINUSE', NetworkError.general],
      ['EACCES', NetworkError.general],
      ['EIO', NetworkError.general],
    ] as const)
      assert.is(connectErrorOf(Object.assign(new Error(code), { code }), options), expected, code)
  })

  it('a port of this side that is taken is portUnavailable, with a warning', () => {
    const warnings: string[] = []
    const warned = (message: string): void => {
      warnings.push(message)
    }
    for (const code of ['EADDRINUSE', 'EADDRNOTAVAIL']) {
      const error = Object.assign(new Error(code), { code, syscall: 'bind' })
      const found = connectErrorOf(error, { ...options, localPort: 5, warned })
      assert.is(found, NetworkError.portUnavailable, code)
    }
    assert.is(warnings.length, 2)
  })
})
