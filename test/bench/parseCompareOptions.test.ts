import * as assert from 'uvu/assert'
import { parseCompareOptions } from '../../bench/lib/compare/parseCompareOptions.ts'
import { workloadList } from '../../bench/lib/compare/workloadList.ts'
import { chooseByName } from '../../bench/lib/optionValues.ts'
import { spec } from '../spec.ts'

spec('parseCompareOptions', (it) => {
  it('has at least 21 rounds, and all workloads, by default', () => {
    const options = { revision: 'v0.1.0', rounds: 21, seconds: 0.4, only: [] }
    assert.equal(parseCompareOptions(['v0.1.0']), options)
  })

  it('takes options before and behind the revision', () => {
    const args = ['--rounds', '41', 'HEAD~3', '--seconds', '0.5', '--only', 'tcp-32,ws-1,']
    const options = { revision: 'HEAD~3', rounds: 41, seconds: 0.5, only: ['tcp-32', 'ws-1'] }
    assert.equal(parseCompareOptions(args), options)
  })

  it('refuses none, several, and what makes no sense', () => {
    const refused: [string[], RegExp][] = [
      [[], /expected one revision, got 0/],
      [['a', 'b'], /expected one revision, got 2/],
      [['a', '--rounds', '5'], /--rounds must be a number in 6\.\.1000, got 5/],
      [['a', '--rounds', '7.5'], /--rounds must be an integer, got 7\.5/],
      [['a', '--rounds', ''], /--rounds must be a number/],
      [['a', '--seconds', '0'], /--seconds must be a number in 0\.01\.\.60, got 0/],
      [['a', '--clients', '3'], /Unknown option/],
    ]
    for (const [args, expected] of refused)
      assert.throws(() => parseCompareOptions(args), expected, args.join(' '))
  })
})

spec('chooseByName', (it) => {
  it('keeps the order of the list, and takes all for no name', () => {
    assert.is(chooseByName(workloadList, [], ''), workloadList)
    const chosen = chooseByName(workloadList, ['idle-1000', 'tcp-1'], '')
    assert.equal(
      chosen.map(({ name }) => name),
      ['tcp-1', 'idle-1000'],
    )
  })

  it('names what it knows, and the usage', () => {
    assert.throws(
      () => chooseByName([{ name: 'a' }, { name: 'b' }], ['c'], 'usage'),
      /--only knows a, b, not c\n\nusage/,
    )
  })

  it('no two workloads have one name', () => {
    const names = new Set(workloadList.map(({ name }) => name))
    assert.is(names.size, workloadList.length)
  })
})
