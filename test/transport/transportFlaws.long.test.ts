import { createMemoryDatagrams, createMemoryTransport } from 'bitecs-networking'
import { transportCases, type TransportSubject } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { datagramFlaws } from './flaws/datagramFlaws.ts'
import { flawed } from './flaws/flawed.ts'
import { flaws } from './flaws/flaws.ts'
import { flawedDatagrams } from './flaws/flawedDatagrams.ts'

/** Runs the cases that must find a flaw; tells of those that do not. */
async function findsFlaw(
  subject: TransportSubject,
  finds: readonly string[],
  found: Set<string>,
): Promise<void> {
  const cases = transportCases({ ...subject, patienceMs: 100 })
  const blind: string[] = []
  const asked = cases.filter(({ name }) => finds.some((part) => name.includes(part)))
  await Promise.all(
    asked.map(async ({ name, run }) => {
      const error = await run().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error instanceof Error) found.add(name)
      else blind.push(name)
    }),
  )
  assert.equal(blind, [], `passed by a transport that ${subject.name}`)
}

const loose = {
  ordered: false,
  reliable: false,
  boundaries: 'message',
  connections: false,
  messageBytesMax: 65_507,
} as const
spec('the transport suite finds a transport that', (it) => {
  const found = new Set<string>()

  for (const flaw of flaws)
    it(flaw.name, async () => {
      const kinds = flaw.only === undefined ? (['stream', 'message'] as const) : [flaw.only]
      await Promise.all(
        kinds.map((boundaries) => {
          const transport = flawed(createMemoryTransport({ boundaries }), flaw)
          return findsFlaw({ name: flaw.name, transport }, flaw.finds, found)
        }),
      )
    })

  for (const flaw of datagramFlaws)
    it(`${flaw.name} (datagrams)`, async () => {
      const transport = flawedDatagrams(createMemoryDatagrams(), flaw)
      const subject = { name: flaw.name, transport }
      const subjects = flaw.isStrict ? [subject] : [subject, { ...subject, capabilities: loose }]
      await Promise.all(subjects.map((one) => findsFlaw(one, flaw.finds, found)))
    })

  it('and has no case that nothing fails', () => {
    const subjects = [
      { name: 'stream', transport: createMemoryTransport() },
      { name: 'message', transport: createMemoryTransport({ boundaries: 'message' }) },
      { name: 'datagrams', transport: createMemoryDatagrams() },
    ]
    const names = subjects.flatMap((subject) => transportCases(subject).map(({ name }) => name))
    assert.equal(
      names.filter((name) => !found.has(name)),
      [],
    )
    const parts = [...flaws, ...datagramFlaws].flatMap(({ finds }) => finds)
    assert.equal(
      parts.filter((part) => !names.some((name) => name.includes(part))),
      [],
    )
  })
})
