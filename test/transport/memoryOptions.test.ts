import {
  createMemoryDatagrams,
  createMemoryTransport,
  type MemoryDatagramOptions,
  type MemoryOptions,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { throws } from '../lib/throws.ts'
import { spec } from '../spec.ts'

const transport = (options: unknown): unknown => createMemoryTransport(options as MemoryOptions)
const datagrams = (options: unknown): unknown =>
  createMemoryDatagrams(options as MemoryDatagramOptions)

const both = { createMemoryTransport: transport, createMemoryDatagrams: datagrams }

spec('options of memory transports', (it) => {
  for (const [name, create] of Object.entries(both)) {
    it(`${name} takes none, and options that are undefined`, () => {
      create(undefined)
      create({})
      create({ [name === 'createMemoryTransport' ? 'boundaries' : 'deliver']: undefined })
    })

    it(`${name} refuses what is not an object of options`, () => {
      for (const wrong of [null, 5, 'message', true, [], () => {}])
        throws(
          () => create(wrong),
          TypeError,
          new RegExp(`^${name}: options must be an object, got `),
        )
    })

    it(`${name} refuses names that every object has`, () => {
      for (const wrong of ['constructor', 'toString', 'unheardOf'])
        throws(
          () => create({ [wrong]: undefined }),
          TypeError,
          new RegExp(`^${name}: there is no option "${wrong}"; did you mean "`),
        )
    })
  }

  for (const [create, wrong, message] of [
    [
      transport,
      { boundary: 'message' },
      'createMemoryTransport: there is no option "boundary"; did you mean "boundaries"',
    ],
    [
      transport,
      { Boundaries: 'message' },
      'createMemoryTransport: there is no option "Boundaries"; did you mean "boundaries"',
    ],
    [
      datagrams,
      { delivers() {} },
      'createMemoryDatagrams: there is no option "delivers"; did you mean "deliver"',
    ],
    [
      datagrams,
      { boundaries: 'message' },
      'createMemoryDatagrams: there is no option "boundaries"; did you mean "deliver"?',
    ],
    [
      transport,
      { boundaries: 'messages' },
      `createMemoryTransport: boundaries must be 'stream' or 'message', got "messages"`,
    ],
    [
      transport,
      { boundaries: null },
      `createMemoryTransport: boundaries must be 'stream' or 'message', got null`,
    ],
    [
      transport,
      { boundaries: 1 },
      `createMemoryTransport: boundaries must be 'stream' or 'message', got 1`,
    ],
    [datagrams, { deliver: null }, 'createMemoryDatagrams: deliver must be a function, got null'],
    [
      datagrams,
      { deliver: 'late' },
      'createMemoryDatagrams: deliver must be a function, got "late"',
    ],
    [
      datagrams,
      { deliver: {} },
      'createMemoryDatagrams: deliver must be a function, got an object',
    ],
  ] as const)
    it(message, () => {
      throws(() => create(wrong), TypeError, new RegExp(`^${message}`))
    })

  it('takes what there is', () => {
    assert.is(createMemoryTransport({ boundaries: 'message' }).capabilities.boundaries, 'message')
    assert.is(createMemoryTransport({ boundaries: 'stream' }).capabilities.boundaries, 'stream')
    assert.not(createMemoryDatagrams({ deliver() {} }).capabilities.reliable)
  })
})
