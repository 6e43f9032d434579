import * as assert from 'uvu/assert'
import {
  angle,
  bits,
  bool,
  oneOf,
  quaternion,
  range,
  relation,
  text,
  u16,
  u8,
} from '../../src/replication/fieldTypes.ts'
import { firstDifference } from '../../src/replication/firstDifference.ts'
import { hashText } from '../../src/replication/hashText.ts'
import { createSchema } from '../../src/replication/Schema.ts'
import { type ComponentDeclaration } from '../../src/replication/SchemaComponent.ts'
import { spec } from '../spec.ts'

const game: readonly ComponentDeclaration[] = [
  {
    name: 'Position',
    fields: { x: range(0, 1_600, 1 / 16), y: range(0, 1_000, 1 / 16) },
    interpolate: 'mixed',
  },
  { name: 'Turn', fields: quaternion(9), interpolate: 'step' },
  { name: 'Ammo', fields: { shots: u16 }, to: 'owner' },
  { name: 'Kind', fields: oneOf('none', 'a b', 'c') },
  { name: 'Burning' },
  { name: 'ChildOf', fields: relation },
]

/** The message of what a function throws. */
function thrown(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

spec('a schema', (it) => {
  it('has a canonical text', () => {
    assert.is(
      createSchema(game).text,
      `Position x:range(0,1600,0.0625) y:range(0,1000,0.0625) interpolate
Turn :quaternion(9) step
Ammo shots:u16 owner
Kind :oneOf(none,"a b",c)
Burning
ChildOf :relation`,
    )
  })

  it('has the FNV-1a hash of its text', () => {
    // Landon Curt Noll's test vectors.
    assert.is(hashText(''), 0xcbf29ce484222325n)
    assert.is(hashText('a'), 0xaf63dc4c8601ec8cn)
    assert.is(hashText('foobar'), 0x85944171f73967e8n)
  })

  it('lays rows out by audience', () => {
    const schema = createSchema(game)
    const [position, turn, ammo, kind, burning, childOf] = schema.components
    assert.is(schema.maskWords, 1)
    assert.is(schema.ownerAt, 1)
    assert.equal(
      position!.fields.map(({ intAt }) => intAt),
      [2, 3],
    )
    assert.is(turn!.fields[0]!.intAt, 4)
    assert.is(kind!.fields[0]!.intAt, 8)
    assert.is(ammo!.fields[0]!.intAt, 9)
    assert.is(schema.ownerIntsAt, 9)
    assert.is(schema.othersIntsAt, 10)
    assert.is(schema.intWidth, 10)
    assert.ok(burning!.isTag)
    assert.ok(childOf!.isRelation)
    assert.equal(
      [schema.ownerMask, schema.othersMask],
      [
        [0b111111, 0],
        [0b111011, 0],
      ],
    )
  })

  it('takes 64 components of 32 fields', () => {
    const fields = Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`f${at}`, u8]))
    const many = Array.from({ length: 64 }, (_, at) => ({ name: `C${at}`, fields }))
    assert.is(createSchema(many).maskWords, 2)
    assert.match(
      thrown(() => createSchema([...many, { name: 'More' }])),
      'number of components must be an integer in 1..64, got 65',
    )
    assert.match(
      thrown(() => createSchema([{ name: 'A', fields: { ...fields, more: u8 } }])),
      'A must have at most 32 fields, got 33',
    )
  })

  it('refuses what cannot be', () => {
    for (const [declarations, message] of [
      [[{ name: 'A' }, { name: 'A' }], 'there are two components "A"'],
      [[{ name: '' }], 'a name must be a text'],
      [[{ name: 'A', fields: { x: 7 } }], 'A.x must be a type such as u8'],
      [[{ name: 'A', fields: { x: relation } }], 'A.x must be a type such as u8'],
      [[{ name: 'A', to: 'nobody' }], "to must be 'all', 'owner' or 'others'"],
      [
        [
          {
            name: 'A',
            fields: Object.fromEntries(
              Array.from({ length: 32 }, (_, at) => [`f${at}`, text(4_096)]),
            ),
          },
        ],
        'an entity must fit into',
      ],
    ] as const)
      assert.match(
        thrown(() => createSchema(declarations as never)),
        message,
      )
  })
})

spec('types of fields', (it) => {
  it('name function, argument, expectation and value when they are wrong', () => {
    for (const [run, message] of [
      [() => bits(33), 'RangeError: bits: count must be an integer in 1..32, got 33'],
      [() => bits('3' as never), 'TypeError: bits: count must be an integer in 1..32, got "3"'],
      [() => range(1, 1, 1), 'RangeError: range: max must be above min 1, got 1'],
      [() => range(0, 1, 0), 'RangeError: range: step must be above 0, got 0'],
      [() => range(0, NaN, 1), 'TypeError: range: max must be a finite number, got NaN'],
      [() => range(0, 1e12, 1), 'RangeError: range: there must be 1 to 2147483647 steps'],
      [() => range(0, 1, 4), 'RangeError: range: there must be 1 to 2147483647 steps'],
      [() => angle(1), 'RangeError: angle: count must be an integer in 2..24, got 1'],
      [() => quaternion(3), 'RangeError: quaternion: count must be an integer in 4..20, got 3'],
      [() => text(0), 'RangeError: text: bytesMax must be an integer in 1..4096, got 0'],
      [() => oneOf('a'), 'TypeError: oneOf: names must be at least two and different, got "a"'],
      [() => oneOf('a', 'a'), 'oneOf: names must be at least two and different, got "a", "a"'],
      [() => oneOf('a', 5 as never), 'TypeError: oneOf: a name must be a text, got 5'],
    ] as const)
      assert.match(thrown(run), message)
  })

  it('take the bits they need', () => {
    assert.is(range(0, 1_600, 1 / 16).bits, 15)
    assert.is(oneOf('a', 'b', 'c').bits, 2)
    assert.is(text(7).bits, 3)
    assert.is(bool.bits, 1)
  })
})

spec('the first difference of two schemas', (it) => {
  const here = createSchema(game).text
  const with_ = (from: string, to: string): string | undefined =>
    firstDifference(here, here.replace(from, to))

  it('is named', () => {
    assert.is(firstDifference(here, here), undefined)
    assert.is(
      with_('0,1600,0.0625', '0,1600,0.1'),
      'Position.x is range(0,1600,0.0625) here and range(0,1600,0.1) at the server',
    )
    assert.is(
      with_(':quaternion(9)', ':quaternion(10)'),
      'Turn is quaternion(9) here and quaternion(10) at the server',
    )
    assert.is(
      with_('y:range(0,1000,0.0625)', 'z:u8'),
      'Position has y:range(0,1000,0.0625) here and z:u8 at the server',
    )
    assert.is(with_(' interpolate', ''), 'Position has interpolate here and nothing at the server')
    assert.is(with_('Burning', 'Frozen'), 'component 5 is Burning here and Frozen at the server')
    assert.is(with_('\nChildOf :relation', ''), 'ChildOf is declared here, and not at the server')
    assert.is(
      firstDifference(here.replace('\nChildOf :relation', ''), here),
      'ChildOf is declared at the server, and not here',
    )
    assert.is(
      with_('"a b"', '"a  b"'),
      'Kind is oneOf(none,"a b",c) here and oneOf(none,"a  b",c) at the server',
    )
  })

  it('is short and without control characters, whatever a stranger sends', () => {
    const message = with_('Position', `\u001b[2J${'x'.repeat(1_000)}`)
    assert.not.match(message!, '\u001b')
    assert.ok(message!.length < 200)
    for (const bad of ['', '\n\n', '"', ' ', ':', '\\"'.repeat(30_000)]) firstDifference(here, bad)
  })
})
