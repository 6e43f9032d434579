import { createVirtualClock, NetworkError } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { createHostNames, withAddresses } from '../../src/transport/HostNames.ts'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** Host names whose name service gives these answers, one after the other. */
function createNames(...answers: (readonly string[])[]) {
  const clock = createVirtualClock()
  let asked = 0
  const names = createHostNames({ clock }, async () => answers[asked++] ?? [])
  const ask = async (): Promise<readonly string[] | undefined> => {
    let found: readonly string[] | undefined
    withAddresses(names, 'game.test', (addresses) => (found = addresses))
    await turns(1)
    return found
  }
  return { clock, ask, asked: () => asked }
}

spec('addresses of host names', (it) => {
  it('IPv4 stands first, in the order of the system', async () => {
    const { ask } = createNames(['2001:db8::1', '192.0.2.2', '::1', '192.0.2.1'])
    assert.equal(await ask(), ['192.0.2.2', '192.0.2.1', '2001:db8::1', '::1'])
  })

  it('an address is kept for a minute', async () => {
    const { ask, asked, clock } = createNames(['192.0.2.1'], ['192.0.2.2'])
    await ask()
    clock.advance(59_999)
    assert.equal(await ask(), ['192.0.2.1'])
    assert.is(asked(), 1)
    clock.advance(1)
    assert.equal(await ask(), ['192.0.2.2'])
  })

  it('a failure is kept for a second', async () => {
    const { ask, asked, clock } = createNames([], ['192.0.2.1'])
    assert.equal(await ask(), [])
    clock.advance(999)
    assert.equal(await ask(), [])
    assert.is(asked(), 1)
    clock.advance(1)
    assert.equal(await ask(), ['192.0.2.1'])
  })

  it('no more than 256 are known or looked up, and one that is looked up is not forgotten', async () => {
    const answers = new Map<string, (addresses: readonly string[]) => void>()
    const names = createHostNames(
      { clock: createVirtualClock() },
      (host) => new Promise<readonly string[]>((resolve) => answers.set(host, resolve)),
    )
    const found: string[] = []
    const ask = (host: string): number => withAddresses(names, host, ([ip = '']) => found.push(ip))
    for (let count = 0; count < 256; count++) assert.is(ask(`${count}.test`), 0)
    for (let count = 256; count < 300; count++)
      assert.is(ask(`${count}.test`), NetworkError.sendQueueFull)
    assert.equal([names.names.size, answers.size], [256, 256])
    answers.get('7.test')!(['192.0.2.7'])
    await turns(1)
    assert.equal(found, ['192.0.2.7'])
    // The one that has its answer makes room.
    assert.equal([ask('300.test'), ask('301.test')], [0, NetworkError.sendQueueFull])
    assert.equal([names.names.has('7.test'), names.names.size], [false, 256])
    answers.get('0.test')!(['192.0.2.1'])
    await turns(1)
    assert.equal(found, ['192.0.2.7', '192.0.2.1'])
  })

  it('the time counts from the answer, and one question is under way at a time', async () => {
    const clock = createVirtualClock()
    const answers: ((addresses: readonly string[]) => void)[] = []
    const names = createHostNames(
      { clock },
      () => new Promise<readonly string[]>((resolve) => answers.push(resolve)),
    )
    const found: (readonly string[])[] = []
    const ask = (): void => void withAddresses(names, 'slow.test', (each) => found.push(each))
    ask()
    clock.advance(5_000)
    ask()
    assert.is(answers.length, 1)
    answers[0]!([])
    await turns(1)
    assert.equal(found, [[], []])
    ask()
    assert.is(answers.length, 1)
    clock.advance(1_000)
    ask()
    assert.is(answers.length, 2)
  })
})
