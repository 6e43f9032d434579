import * as assert from 'uvu/assert'
import { type Fault } from '../../src/simulation/Fault.ts'
import { shrinkFaults } from '../../src/simulation/shrinkFaults.ts'
import { spec } from '../spec.ts'

const schedule: readonly Fault[] = Array.from({ length: 64 }, (_, index) => ({
  atMs: index * 100,
  kind: 'cut',
  of: 'server',
  durationMs: 1_000,
}))

/** A run that fails if faults at all these times are there, each long enough. */
function failsWith(times: readonly number[], durationMs: number) {
  return (faults: readonly Fault[]): Promise<boolean> =>
    Promise.resolve(
      times.every((time) =>
        faults.some(
          (fault) => fault.atMs === time && fault.kind === 'cut' && fault.durationMs! >= durationMs,
        ),
      ),
    )
}

const timesOf = (faults: readonly Fault[]): number[] => faults.map(({ atMs }) => atMs)

spec('shrinkFaults', (it) => {
  for (const times of [[300], [300, 6_000], [0, 100, 3_100, 6_300]])
    it(`leaves what it takes: ${times.length}`, async () => {
      const { faults, runs } = await shrinkFaults(schedule, Infinity, failsWith(times, 200), 500)
      assert.equal(timesOf(faults), times)
      for (const fault of faults) assert.is(fault.kind === 'cut' && fault.durationMs, 250)
      assert.ok(runs < 120, `${runs} runs`)
    })

  it('leaves nothing where faults have no part in it', async () => {
    const { faults, runs } = await shrinkFaults(schedule, Infinity, failsWith([], 0), 500)
    assert.equal(faults, [])
    assert.ok(runs < 5, `${runs} runs`)
  })

  it('leaves out first what was to happen later', async () => {
    const asked: number[] = []
    await shrinkFaults(
      schedule,
      350,
      (faults) => {
        asked.push(faults.length)
        return failsWith([300], 1)(faults)
      },
      500,
    )
    assert.is(asked[0], 4)
  })

  it('asks no more often than it may, and returns what failed last', async () => {
    const stillFails = failsWith([300, 6_000], 200)
    const { faults, runs } = await shrinkFaults(schedule, Infinity, stillFails, 6)
    assert.is(runs, 6)
    assert.ok(faults.length > 2 && faults.length < 64, `${faults.length}`)
    assert.ok(await stillFails(faults))
  })
})
