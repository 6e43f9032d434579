import * as assert from 'uvu/assert'
import { chooseGoals } from '../../bench/lib/goals/chooseGoals.ts'
import { programList, workloadList } from '../../bench/lib/goals/workloadList.ts'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { spec } from '../spec.ts'

const others = 'echo-1 state idle churn busy flood one-floods pings leave'.split(' ')
const small =
  '--rounds 1 --seconds 0.1 --warm-up 0 --clients 2 --players 3 --idle 5 --crowd 5 --flooders 2'

spec(
  'npm run bench',
  (it) => {
    it('runs each of its servers, and every byte comes back', async () => {
      for (const [workload, servers] of [
        ['echo-32', 'net,ws-hand,ours'],
        ['talk', 'ws,net-fast'],
      ] as const)
        await bench(`${workload} ${small} --servers ${servers}`, 1, servers.split(','))
    })

    it('runs each of its other workloads, and every byte comes back', () =>
      bench(`${others.join(' ')} ${small} --servers ours-ws`, others.length, ['ours-ws']))

    it('fails for a goal that is none', async () => {
      const program = new NodeProgram('build/bench/main.js', ['p11'])
      assert.is(await program.exitCode, 1)
      assert.match(program.output, /expected goals of p1, p2, .*, got p11/)
    })
  },
  90_000,
)

spec('chooseGoals', (it) => {
  it('takes all but the slow ones for none', () => {
    const { workloads, programs } = chooseGoals([])
    assert.equal(
      workloadList.filter((workload) => !workloads.includes(workload)).map(({ name }) => name),
      ['served'],
    )
    assert.is(programs.length, programList.length)
  })

  it('takes a goal, and a workload by its name', () => {
    const names = chooseGoals(['p1k', 'leave', 'p8']).workloads.map(({ name }) => name)
    assert.equal(names, ['echo-4', 'echo-1', 'served', 'leave'])
    assert.equal(
      chooseGoals(['p4', 'p7']).programs.map(({ goal }) => goal),
      ['p4', 'p7'],
    )
  })

  it('no two workloads have one name', () => {
    assert.is(new Set(workloadList.map(({ name }) => name)).size, workloadList.length)
  })
})

/** Runs it to its end, with a table for each workload and a line in it for each server. */
async function bench(args: string, tables: number, names: readonly string[]): Promise<void> {
  const program = new NodeProgram('build/bench/main.js', args.split(' '))
  try {
    assert.is(await program.exitCode, 0, program.output)
    assert.is(program.output.split('Every byte came back right.').length - 1, tables)
    for (const name of names) assert.match(program.output, new RegExp(`^${name} +\\d`, 'm'))
  } finally {
    program.end()
  }
}
